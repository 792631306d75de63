import { join } from "node:path";
import type { ServiceModel } from "../../plugin/model.ts";
import { readIfPresent } from "../disk/plan.ts";
import { indexFile, indexFiles, methodFiles } from "../emit/service-files.ts";
import { printServicesIndex } from "../emit/services-index.ts";
import type { Generated } from "../generation/generate.ts";
import { existingFor, readExistingServices, withDirectories } from "./existing-services.ts";
import { findMentions, type Mentions } from "./mentions.ts";
import { findOrphans, type Orphans } from "./orphans.ts";
import { missingMethods, type Wiring, wireMethods } from "./wire-service.ts";
import { missingServices, wireServices } from "./wire-services.ts";

/** The changes to a project's own code that its protos require. */
export interface ServiceGrowth {
  /** Files to create. */
  readonly create: ReadonlyMap<string, string>;
  /** Files of the user that get lines added. */
  readonly update: ReadonlyMap<string, string>;
  /** Services with only the methods that get a handler. */
  readonly added: readonly ServiceModel[];
  /** Lines that the user must add, by file: files of another layout are not edited. */
  readonly byHand: ReadonlyMap<string, readonly string[]>;
  readonly orphans: Orphans;
  readonly mentions: Mentions;
}

/** Compares the services of the protos with the existing code. Changes nothing. */
export async function growServices(
  project: string,
  generated: Pick<Generated, "files" | "services" | "requests">,
): Promise<ServiceGrowth> {
  const { requests } = generated;
  const existing = await readExistingServices(project);
  const services = withDirectories(generated.services, existing);
  const create = new Map<string, string>();
  const update = new Map<string, string>();
  const byHand = new Map<string, readonly string[]>();
  const added: ServiceModel[] = [];
  const apply = (path: string, wiring: Wiring) => {
    if (wiring.kind === "wired") update.set(path, wiring.text);
    else byHand.set(path, wiring.lines);
  };

  for (const service of services) {
    const path = indexFile(service);
    const index =
      existingFor(service, existing)?.index ??
      existing.find(({ directory }) => directory === service.directory)?.index;
    const methods = index === undefined ? service.methods : missingMethods(service, index);
    addAll(create, methodFiles(service, methods, requests));
    if (methods.length > 0) added.push({ ...service, methods });
    if (index === undefined) {
      addAll(create, indexFiles(service));
    } else if (methods.length > 0) {
      apply(path, wireMethods(service, index, methods));
    }
  }
  const path = "src/services/index.ts";
  const index = (await readIfPresent(join(project, path)))?.toString("utf8");
  if (index === undefined) {
    create.set(path, printServicesIndex(services));
  } else {
    const missing = missingServices(services, index);
    if (missing.length > 0) apply(path, wireServices(missing, index));
  }
  return {
    create: await absentOnly(project, create),
    update,
    added,
    byHand,
    orphans: await findOrphans(project, services, existing),
    mentions: await findMentions(project, services, added, generated),
  };
}

function addAll<Key, Value>(map: Map<Key, Value>, entries: Iterable<readonly [Key, Value]>): void {
  for (const [key, value] of entries) map.set(key, value);
}

/** Leaves out existing files, such as a handler that was written before its RPC. */
async function absentOnly(
  project: string,
  files: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const absent = new Map<string, string>();
  for (const [path, content] of files) {
    if ((await readIfPresent(join(project, path))) === undefined) absent.set(path, content);
  }
  return absent;
}
