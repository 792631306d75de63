import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import type { Generated } from "../generation/generate.ts";
import { addIndex, addStubs } from "./added-files.ts";
import type { ModelsBefore } from "./before/models-before.ts";
import { type ChangedSignatures, changeSignatures } from "./changed-signatures.ts";
import { addCalls } from "./client-calls.ts";
import { Code } from "./code/code.ts";
import { clientFile } from "./demo-client.ts";
import { findMentions, type Mentions } from "./mentions.ts";
import { openMethods } from "./open-methods.ts";
import { findOrphans, type Orphans } from "./orphans.ts";
import type { Printed } from "./printed.ts";
import { registerServices } from "./register-services.ts";
import { rewriteSections } from "./sections.ts";
import { isCalled, type ServedService, servedService } from "./served-service.ts";
import { withDirectories, withDirectory } from "./service-folders.ts";
import type { Sources } from "./sources.ts";
import { type Wiring, wireMethods } from "./wire-methods.ts";

/** The changes to a project's own code that its protos require. */
export interface ServiceGrowth {
  /** RPCs that got a handler that is not implemented. */
  readonly stubs: readonly string[];
  /** RPCs that were registered with handlers that the user had. */
  readonly found: readonly string[];
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
  /** The last state as it was printed, before renames. */
  readonly printed: ModelsBefore | undefined;
}

/**
 * Adds what is missing to the user's code. What is registered or imported anywhere in src belongs to the
 * user: only RPCs that are known to be new get a handler.
 */
export function growServices(sources: Sources, input: ServiceGrowthInput): ServiceGrowth {
  const { generated, before, modules, printed } = input;
  const { requests } = generated;
  const completed = completeCopies(sources, input);
  const code = new Code(sources.texts, modules);
  const all = generated.services.map((service) => servedService(code, service));
  const served = all.filter((each) => each !== undefined);
  const services = withDirectories(generated.services, all, sources);
  const isClientRight = rewrite(sources, printed, served, { services, requests });
  const settled = new Set(isClientRight ? [clientFile] : []);
  const changed = changeSignatures({ sources, code, served, before, requests, settled });
  const byHand = new Map<string, readonly string[]>();
  const apply = (wiring: Wiring) => {
    if (wiring.kind === "wired") sources.set(wiring.path, wiring.text);
    else byHand.set(wiring.path, [...(byHand.get(wiring.path) ?? []), ...wiring.lines]);
  };
  const { added, stubs, found } = addHandlers({ sources, input, code, served, services, apply });
  const isServed = ({ typeName }: ServiceModel) =>
    served.some(({ service }) => service.typeName === typeName);
  const isNewcomer = (service: ServiceModel) =>
    completed.has(service.typeName) || !isServed(service);
  const newcomers = services.filter(isNewcomer);
  const others = served.filter(
    (each) => !each.registered && !isNewcomer(each.service) && !isCalled(code, each.service),
  );
  if (newcomers.length + others.length > 0) {
    registerServices(
      { sources, code: new Code(sources.texts, modules), served, apply },
      newcomers,
      others,
    );
  }
  addCalls(sources, added, requests);
  // Places are those in the files as they will be.
  const grown = new Code(sources.texts, modules);
  const servedNow = services.flatMap((service) => servedService(grown, service) ?? []);
  return {
    stubs,
    found,
    byHand,
    changed,
    orphans: findOrphans({ sources, code: grown, served: servedNow, before }),
    mentions: findMentions(sources, services, added, generated),
  };
}

/** What {@link addHandlers} works on. */
interface AddingHandlers {
  readonly sources: Sources;
  readonly input: ServiceGrowthInput;
  readonly code: Code;
  readonly served: readonly ServedService[];
  /** All services, with their folders. */
  readonly services: readonly ServiceModel[];
  readonly apply: (wiring: Wiring) => void;
}

/** Adds stubs for RPCs without a handler, and registers them with their service. */
function addHandlers({ sources, input, code, served, services, apply }: AddingHandlers) {
  const { before, modules } = input;
  const { requests } = input.generated;
  const added: ServiceModel[] = [];
  const stubs: string[] = [];
  const found: string[] = [];
  const add = (service: ServiceModel, folder: string, methods: readonly MethodModel[]) => {
    const created = addStubs(sources, service, folder, methods, requests);
    added.push({ ...service, methods });
    stubs.push(...fullNames(service, created));
    return methods.filter((method) => !created.includes(method));
  };
  for (const each of served) {
    const { missing, loose } = openMethods(code, each, before);
    if (missing.length + loose.length === 0) continue;
    // The file may have been extended for another service.
    const now = servedService(new Code(sources.texts, modules), each.service) ?? each;
    const wiring = wireMethods(now, [...missing, ...loose]);
    apply(wiring);
    const present = missing.length > 0 ? add(each.service, each.folder, missing) : [];
    if (wiring.kind === "wired") found.push(...fullNames(each.service, [...present, ...loose]));
  }
  for (const service of services) {
    if (served.some((each) => each.service.typeName === service.typeName)) continue;
    const present = add(service, `src/services/${service.directory}`, service.methods);
    found.push(...fullNames(service, present));
    addIndex(sources, service);
  }
  return { added, stubs, found };
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

/** `user.UserService/GetUser` */
function fullNames({ typeName }: ServiceModel, methods: readonly MethodModel[]): string[] {
  return methods.map(({ name }) => `${typeName}/${name}`);
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
