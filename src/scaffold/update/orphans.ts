import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { genModule } from "../emit/names.ts";
import { indexFiles } from "../emit/service-files.ts";
import type { ModelsBefore } from "./before/models-before.ts";
import type { Code } from "./code/code.ts";
import { placeOf } from "./code/insert.ts";
import { references, sameCode } from "./code/tokens.ts";
import { handlerTypes } from "./handler-types.ts";
import { type ServedService, servedService } from "./served-service.ts";
import type { Sources } from "./sources.ts";
import { isUntouched, looksLikeStub, type Stub, stubsOf, testFolder } from "./stubs.ts";

/** Code of RPCs and services that are no longer in the protos. It is only reported. */
export interface Orphans {
  /** Files that are as they were printed: nothing is lost with them. */
  readonly stubs: readonly string[];
  /** Lines that only registered such a stub, and the imports for them. */
  readonly lines: readonly string[];
  /** Code of the user, with its line: it is not ours to advise on. */
  readonly code: readonly string[];
}

/** What {@link findOrphans} looks at. */
export interface OrphanSearch {
  readonly sources: Sources;
  readonly code: Code;
  readonly served: readonly ServedService[];
  readonly before: ModelsBefore | undefined;
}

export function findOrphans(search: OrphanSearch): Orphans {
  const { code, served, before } = search;
  const names = new Set(served.map(({ service }) => service.typeName));
  const removed = (before?.services ?? []).filter(
    ({ typeName, methods }) => !names.has(typeName) && methods.length > 0,
  );
  const all = [
    ...served.map((each) => orphansOf(search, each)),
    ...removed.flatMap((service) => {
      // Another service of the protos may have its module and names now.
      const gone = served.every((other) => genModule(other.service) !== genModule(service));
      const found = gone ? servedService(code, service) : undefined;
      return found === undefined ? [] : [orphanedService(search, service, found)];
    }),
  ];
  const stubs = all.flatMap((each) => each.stubs);
  const lines = all.flatMap((each) => each.lines);
  return {
    stubs,
    lines: [...lines, ...importsOf(code, stubs, lines)],
    code: all.flatMap((each) => each.code),
  };
}

/** Where the files of such lines import a stub: without the stub they do not compile. */
function importsOf(code: Code, stubs: readonly string[], lines: readonly string[]): string[] {
  const isGone = new Set(stubs);
  return [...code.files.values()]
    .filter(({ path }) => !isGone.has(path) && lines.some((line) => line.startsWith(`${path}:`)))
    .flatMap((file) =>
      file.references
        .filter(({ path }) => isGone.has(code.resolve(file.path, path) ?? ""))
        .map(({ names, path, start }) => {
          const imported = names.map(({ local }) => local).join(", ") || path;
          return `${placeOf(file.path, file.text, start)}: the import of ${imported}`;
        }),
    );
}

function orphansOf({ sources, code, before }: OrphanSearch, served: ServedService): Orphans {
  const { service, folder, object } = served;
  const known = new Set(service.methods.map(({ localName }) => localName));
  const old = before?.services.find(({ typeName }) => typeName === service.typeName);
  const nameOf = (localName: string) =>
    `${service.typeName}/${methodOf(old, localName)?.name ?? localName}`;
  const stubs: string[] = [];
  const own: string[] = [];
  const stubNames = new Set<string>();
  for (const { file, name, start } of handlerTypes(code, service)) {
    if (known.has(name)) continue;
    const [handler, test] = printedStubs(before, old, service, folder, methodOf(old, name));
    const isStub =
      handler === undefined ? looksLikeStub(file.text) : isUntouched(file.text, handler);
    if (!isStub) {
      own.push(`${placeOf(file.path, file.text, start)}: the handler of ${nameOf(name)}`);
      continue;
    }
    stubNames.add(name);
    stubs.push(file.path);
    if (test !== undefined && isUntouched(sources.get(test.path), test)) stubs.push(test.path);
  }
  const lines: string[] = [];
  for (const { name, key } of object?.properties ?? []) {
    if (object === undefined || known.has(name)) continue;
    // Where the compiler does not look, there may be members that never were RPCs.
    if (!object.checked && methodOf(old, name) === undefined) continue;
    const place = placeOf(object.file.path, object.file.text, key.start);
    (stubNames.has(name) ? lines : own).push(`${place}: the line of ${nameOf(name)}`);
  }
  return { stubs, lines, code: own };
}

/** All code of a service that is gone. */
function orphanedService(search: OrphanSearch, old: ServiceModel, found: ServedService): Orphans {
  const { sources } = search;
  const { folder } = found;
  const served = { ...found, service: { ...found.service, methods: [] } };
  const { stubs, lines, code: own } = orphansOf(search, served);
  const inFolders = [...sources.texts.keys()].filter(
    (path) => path.startsWith(`${folder}/`) || path.startsWith(`${testFolder(folder)}/`),
  );
  const printed = new Map(indexFiles({ ...old, directory: found.service.directory }));
  const indexes = inFolders.filter((path) =>
    sameCode(printed.get(path) ?? "", sources.get(path) ?? ""),
  );
  const stubPaths = new Set([...stubs, ...indexes]);
  const isListed = (line: string) => [...stubPaths].some((path) => line.startsWith(`${path}:`));
  const rest = inFolders.filter(
    (path) => !stubPaths.has(path) && !own.some((line) => line.startsWith(`${path}:`)),
  );
  return {
    stubs: [...stubPaths],
    lines: [...lines.filter((line) => !isListed(line)), ...registrations(search, old, folder)],
    code: [...own.filter((line) => !isListed(line)), ...rest],
  };
}

/** Where other files use the definition of a service. */
function registrations({ code }: OrphanSearch, old: ServiceModel, folder: string): string[] {
  return code
    .uses(genModule(old), old.definitionName)
    .filter(({ file }) => file.path.startsWith("src/") && !file.path.startsWith(`${folder}/`))
    .filter(({ file }) => file.path !== "src/client/index.ts")
    .flatMap(({ file, local }) => {
      const last = references(file.tokens, local).at(-1);
      const start = file.tokens[last ?? 0]?.start ?? 0;
      const registration = `${placeOf(file.path, file.text, start)}: the registration of ${old.typeName}`;
      const imported = file.references.find(({ names }) =>
        names.some((name) => name.local === local),
      );
      if (imported === undefined) return [registration];
      return [
        registration,
        `${placeOf(file.path, file.text, imported.start)}: the import of ${local}`,
      ];
    });
}

function methodOf(service: ServiceModel | undefined, localName: string): MethodModel | undefined {
  return service?.methods.find((method) => method.localName === localName);
}

function printedStubs(
  before: ModelsBefore | undefined,
  old: ServiceModel | undefined,
  { directory }: ServiceModel,
  folder: string,
  method: MethodModel | undefined,
): readonly [Stub, Stub] | readonly [] {
  if (before === undefined || old === undefined || method === undefined) return [];
  return stubsOf({ ...old, directory }, folder, method, before.requests);
}
