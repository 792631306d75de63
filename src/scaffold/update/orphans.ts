import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { methodFileName } from "../../plugin/names.ts";
import { genModule } from "../emit/names.ts";
import type { ModelsBefore } from "./before/models-before.ts";
import type { Code, CodeFile } from "./code/code.ts";
import { references } from "./code/handlers-object.ts";
import { placeOf } from "./code/insert.ts";
import { unquoted } from "./code/tokens.ts";
import { type ServedService, servedService } from "./served-service.ts";
import type { Sources } from "./sources.ts";
import { isUntouched, looksLikeStub, type Stub, stubsOf, testFolder } from "./stubs.ts";

/** Code of RPCs and services that are no longer in the protos. It is only reported. */
export interface Orphans {
  /** Files that are as they were printed: nothing is lost with them. */
  readonly stubs: readonly string[];
  /** Lines that only registered such a stub. */
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
  /** Full names of RPCs and services that are about to be renamed: these are not orphans. */
  readonly renamed: ReadonlySet<string>;
}

export function findOrphans(search: OrphanSearch): Orphans {
  const { code, served, before, renamed } = search;
  const names = new Set(served.map(({ service }) => service.typeName));
  const removed = (before?.services ?? []).filter(
    ({ typeName, methods }) => !names.has(typeName) && !renamed.has(typeName) && methods.length > 0,
  );
  const all = [
    ...served.map((each) => orphansOf(search, each)),
    ...removed.flatMap((service) => {
      // Another service of the protos may have its module and names now.
      const gone = served.every((other) => genModule(other.service) !== genModule(service));
      const found = gone ? servedService(code, service) : undefined;
      if (found === undefined) return [];
      return [orphansOf(search, { ...found, service: { ...found.service, methods: [] } })];
    }),
  ];
  return {
    stubs: all.flatMap(({ stubs }) => stubs),
    lines: all.flatMap(({ lines }) => lines),
    code: all.flatMap((each) => each.code),
  };
}

function orphansOf(
  { sources, code, before, renamed }: OrphanSearch,
  served: ServedService,
): Orphans {
  const { service, folder, object } = served;
  const known = new Set(service.methods.map(({ localName }) => localName));
  const old = before?.services.find(({ typeName }) => typeName === service.typeName);
  const isGone = (name: string) =>
    !known.has(name) && !renamed.has(`${service.typeName}/${methodOf(old, name)?.name ?? name}`);
  const stubs: string[] = [];
  const lines: string[] = [];
  const own: string[] = [];
  const places = handlerTypes(code, service).filter(({ name }) => isGone(name));
  for (const { file, name, start } of places) {
    const printed = printedStubs(before, old, service, folder, methodOf(old, name));
    const [handler, test] = printed;
    const isStub =
      handler === undefined
        ? looksLikeStub(file.text)
        : isUntouched(file.text, { ...handler, path: file.path });
    if (!isStub) {
      own.push(
        `${placeOf(file.path, file.text, start)}: the handler of ${service.typeName}/${methodOf(old, name)?.name ?? name}`,
      );
      continue;
    }
    stubs.push(file.path);
    if (test !== undefined && isUntouched(sources.get(test.path), test)) stubs.push(test.path);
  }
  const kept = new Set(stubs);
  for (const { name, key } of object?.properties.filter((each) => isGone(each.name)) ?? []) {
    const place = placeOf(object?.file.path ?? "", object?.file.text ?? "", key.start);
    const stub = [...kept].some((path) =>
      path.endsWith(`/${methodFileName(methodOf(old, name)?.name ?? name)}.ts`),
    );
    (stub ? lines : own).push(`${place}: ${name}`);
  }
  if (known.size === 0) own.push(...restOf(sources, folder, served.files, kept));
  return { stubs, lines, code: own };
}

/** The other files of a removed service. */
function restOf(
  sources: Sources,
  folder: string,
  files: readonly CodeFile[],
  stubs: ReadonlySet<string>,
): string[] {
  const inFolders = [...sources.texts.keys()].filter(
    (path) => path.startsWith(`${folder}/`) || path.startsWith(`${testFolder(folder)}/`),
  );
  const all = new Set([...files.map(({ path }) => path), ...inFolders]);
  return [...all].filter((path) => !stubs.has(path)).map((path) => `${path}: it uses the service`);
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

/** Every `Handlers["name"]` of a service. */
function handlerTypes(code: Code, service: ServiceModel) {
  return code.uses(genModule(service), service.handlersType).flatMap(({ file, local }) =>
    references(file.tokens, local).flatMap((index) => {
      const next = index + local.split(".").length * 2 - 1;
      const key = file.tokens[next + 1];
      if (file.tokens[next]?.text !== "[" || key?.kind !== "string") return [];
      return [{ file, name: unquoted(key), start: key.start }];
    }),
  );
}
