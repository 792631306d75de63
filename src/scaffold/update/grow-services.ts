import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { printServicesIndex } from "../emit/services-index.ts";
import type { Generated } from "../generation/generate.ts";
import { addIndex, addStubs } from "./added-files.ts";
import type { ModelsBefore } from "./before/models-before.ts";
import { type ChangedSignatures, changeSignatures } from "./changed-signatures.ts";
import { Code } from "./code/code.ts";
import { findRegistrationList } from "./code/registration-list.ts";
import { clientFile } from "./demo-client.ts";
import { findMentions, type Mentions } from "./mentions.ts";
import { findOrphans, type Orphans } from "./orphans.ts";
import { type Printed, rewriteSections } from "./sections.ts";
import { hasHandler, type ServedService, servedService } from "./served-service.ts";
import { withDirectories, withDirectory } from "./service-folders.ts";
import type { Sources } from "./sources.ts";
import { type Wiring, wireMethods } from "./wire-methods.ts";
import { wireServices } from "./wire-services.ts";

/** The changes to a project's own code that its protos require. */
export interface ServiceGrowth {
  /** Services with only the methods that get a handler. */
  readonly added: readonly ServiceModel[];
  /** Lines that the user must add, by file: files of another layout are not edited. */
  readonly byHand: ReadonlyMap<string, readonly string[]>;
  readonly changed: ChangedSignatures;
  readonly orphans: Orphans;
  readonly mentions: Mentions;
}

/** Input of {@link growServices}. */
export interface ServiceGrowthInput {
  readonly generated: Pick<Generated, "files" | "services" | "requests">;
  /** Undefined if nothing is known. */
  readonly before: ModelsBefore | undefined;
  /** The generated modules, also those of the last state. */
  readonly modules: ReadonlySet<string>;
}

/**
 * Adds what is missing to the user's code. What is registered or imported anywhere in src belongs to the
 * user: only RPCs that are known to be new get a handler.
 */
export function growServices(sources: Sources, input: ServiceGrowthInput): ServiceGrowth {
  const { generated, before, modules } = input;
  const { requests } = generated;
  const completed = completeCopies(sources, input);
  const code = new Code(sources.texts, modules);
  const found = generated.services.map((service) => servedService(code, service));
  const served = found.filter((each) => each !== undefined);
  const services = withDirectories(generated.services, found, sources);
  const isClientRight = rewrite(sources, before, served, { services, requests });
  const settled = new Set(isClientRight ? [clientFile] : []);
  const changed = changeSignatures({ sources, code, served, before, requests, settled });
  const byHand = new Map<string, readonly string[]>();
  const apply = (wiring: Wiring) => {
    if (wiring.kind === "wired") sources.set(wiring.path, wiring.text);
    else byHand.set(wiring.path, wiring.lines);
  };
  const added: ServiceModel[] = [];
  for (const each of served) {
    const methods = newMethods(code, each, before);
    if (methods.length === 0) continue;
    added.push({ ...each.service, methods });
    // The file may have been extended for another service.
    const now = servedService(new Code(sources.texts, modules), each.service) ?? each;
    apply(wireMethods(now, methods));
    addStubs(sources, each.service, each.folder, methods, requests);
  }
  const unserved = services.filter((_, index) => found[index] === undefined);
  for (const service of unserved) {
    added.push(service);
    addStubs(sources, service, `src/services/${service.directory}`, service.methods, requests);
    addIndex(sources, service);
  }
  const toRegister = services.filter(
    ({ typeName }) =>
      completed.has(typeName) || unserved.some((service) => service.typeName === typeName),
  );
  if (toRegister.length > 0) {
    register(sources, new Code(sources.texts, modules), served, toRegister, apply);
  }
  // Places are those in the files as they will be.
  const grown = new Code(sources.texts, modules);
  const servedNow = services.flatMap((service) => servedService(grown, service) ?? []);
  return {
    added,
    byHand,
    changed,
    orphans: findOrphans({ sources, code: grown, served: servedNow, before }),
    mentions: findMentions(sources, services, added, generated),
  };
}

/** A new service may have handlers already, as copies of another version: it gets the rest of its files. */
function completeCopies(
  sources: Sources,
  { generated, before, modules }: ServiceGrowthInput,
): ReadonlySet<string> {
  const code = new Code(sources.texts, modules);
  const completed = new Set<string>();
  for (const service of generated.services.filter((each) => isNew(each, before))) {
    const served = servedService(code, service);
    if (served === undefined || served.registered || served.object !== undefined) continue;
    if (!served.folder.startsWith("src/services/")) continue;
    completed.add(service.typeName);
    addIndex(sources, served.service);
    addStubs(sources, served.service, served.folder, service.methods, generated.requests);
  }
  return completed;
}

function isNew({ typeName }: ServiceModel, before: ModelsBefore | undefined): boolean {
  return before !== undefined && !before.services.some((old) => old.typeName === typeName);
}

/** The RPCs of a service without a handler. If that cannot be seen, those that the last state did not have. */
function newMethods(
  code: Code,
  served: ServedService,
  before: ModelsBefore | undefined,
): MethodModel[] {
  const { typeName, methods } = served.service;
  const old = before?.services.find((service) => service.typeName === typeName);
  const isAdded = ({ name }: MethodModel) =>
    before !== undefined && !old?.methods.some((method) => method.name === name);
  return methods.filter(
    (method) =>
      !hasHandler(code, served, method) && (served.object !== undefined || isAdded(method)),
  );
}

function register(
  sources: Sources,
  code: Code,
  served: readonly ServedService[],
  services: readonly ServiceModel[],
  apply: (wiring: Wiring) => void,
): void {
  const usual = "src/services/index.ts";
  const list = findRegistrationList(code);
  const registering = served.find(({ registered }) => registered)?.files.at(-1);
  const file = list?.file ?? code.files.get(usual) ?? registering;
  if (file === undefined) sources.set(usual, printServicesIndex(services));
  else apply(wireServices(services, list, file.path, file.text));
}

/** Rewrites the marked sections: they may have been printed before or after the user moved a folder. */
function rewrite(
  sources: Sources,
  before: ModelsBefore | undefined,
  served: readonly ServedService[],
  now: Printed,
): boolean {
  if (before === undefined) return false;
  const { services, requests } = before;
  const moved = services.map((service) => withDirectory(service, served));
  const results = [services, moved].map((had) =>
    rewriteSections(sources, { services: had, requests }, now),
  );
  return results.includes(true);
}
