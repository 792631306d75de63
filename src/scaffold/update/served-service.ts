import { posix } from "node:path";
import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { clientModule, genModule } from "../emit/names.ts";
import type { Code, CodeFile, Use } from "./code/code.ts";
import { findHandlersObject, inSrc } from "./code/handlers-object.ts";
import type { HandlersObject } from "./code/object-literal.ts";
import { enclosingToken, namesBefore, references, unquoted } from "./code/tokens.ts";
import { clientFile } from "./demo-client.ts";

/** A service that the user's code implements or registers, wherever that is. */
export interface ServedService {
  /** With the name of its folder on disk. */
  readonly service: ServiceModel;
  /** Folder of its handlers, such as `src/services/user`. */
  readonly folder: string;
  /** Undefined if the handlers are put together in another way. */
  readonly object: HandlersObject | undefined;
  readonly registered: boolean;
  /** The files of src that use its definition or the type of its handlers. */
  readonly files: readonly CodeFile[];
}

/** Finds the code of a service. Undefined if nothing in src implements or registers it. */
export function servedService(code: Code, service: ServiceModel): ServedService | undefined {
  const module = genModule(service);
  const handlers = code.uses(module, service.handlersType).filter(inSrc);
  const registrations = code
    .uses(module, service.definitionName)
    .filter(inSrc)
    .filter((use) => !isClientOnly(use));
  const files = [...new Set([...handlers, ...registrations].map(({ file }) => file))];
  if (files.length === 0) return undefined;
  const object = findHandlersObject(code, service);
  const folder = folderOf(service, handlers, object);
  return {
    service: { ...service, directory: posix.basename(folder) },
    folder,
    object,
    registered: registrations.length > 0 || mayBeRegistered(code, service),
    files,
  };
}

/** Finds the code of a service that has another name now. What imports it may have been pointed at its new module. */
export function servedBefore(
  code: Code,
  from: ServiceModel,
  { importPath, clientPath }: ServiceModel,
): ServedService | undefined {
  return servedService(code, from) ?? servedService(code, { ...from, importPath, clientPath });
}

/** Whether the project is a caller of a service, which it may implement as a fake only. */
export function isCalled(code: Code, service: ServiceModel): boolean {
  return code
    .uses(clientModule(service), service.clientClass)
    .some(({ file: { path } }) => path.startsWith("src/") && path !== clientFile);
}

/** Whether a file uses the definition in a way that cannot be followed: `all.user.definition`, `Object.values(gen)`. */
function mayBeRegistered(code: Code, service: ServiceModel): boolean {
  const { definitionName } = service;
  const files = [...code.files.values()].filter(
    ({ path }) => path.startsWith("src/") && path !== clientFile,
  );
  return files.some((file) => {
    const isMember = file.tokens.some(({ text }, index) => {
      if (text !== definitionName || file.tokens[index - 1]?.text !== ".") return false;
      const target = code.namespaceOf(file, namesBefore(file.tokens, index - 1));
      return target === undefined || code.exports(target, genModule(service), definitionName);
    });
    const namespaces = file.references.flatMap((reference) => code.namespaces(file, reference));
    return (
      isMember ||
      namespaces
        .filter(({ target }) => code.exports(target, genModule(service), definitionName))
        .some(({ local }) => passesNamespace(file, local))
    );
  });
}

/** Whether a file uses a namespace as a value: what is done with its members cannot be seen. */
function passesNamespace({ tokens }: CodeFile, namespace: string): boolean {
  return references(tokens, namespace).some(
    (index) => tokens[index + 1]?.text !== "." && tokens[index - 1]?.text !== "as",
  );
}

/** Whether the service may have a handler of an RPC: if that cannot be known, it has one by its name. */
export function hasHandler(
  code: Code,
  { object, files }: ServedService,
  { localName }: MethodModel,
): boolean {
  if (object?.properties.some(({ name }) => name === localName)) return true;
  if (object?.checked === true) return false;
  const imported = files.flatMap((file) =>
    file.references.flatMap(
      ({ path }) => code.files.get(code.resolve(file.path, path) ?? "") ?? [],
    ),
  );
  return [...new Set([...files, ...imported])].some(({ tokens }) =>
    tokens.some(
      (token) =>
        (token.kind === "name" && token.text === localName) ||
        (token.kind === "string" && unquoted(token) === localName),
    ),
  );
}

/** Whether a file only passes the definition to a client. */
function isClientOnly({ file, local }: Use): boolean {
  const { tokens } = file;
  const used = references(tokens, local).filter(
    (index) => !file.references.some(({ start, end }) => within(tokens[index]?.start, start, end)),
  );
  return used.every((index) => {
    for (let at = enclosingToken(tokens, index); at >= 0; at = enclosingToken(tokens, at)) {
      if (tokens[at]?.text === "(") return clientCalls.has(tokens[at - 1]?.text ?? "");
    }
    return false;
  });
}

/** Functions of the library that take definitions for clients. */
const clientCalls: ReadonlySet<string> = new Set(["connect", "createChannel", "runClient"]);

function within(position: number | undefined, start: number, end: number): boolean {
  return position !== undefined && position >= start && position < end;
}

/** The folder with most handlers of single RPCs, else that of index.ts, else the usual one. */
function folderOf(
  service: ServiceModel,
  handlers: readonly Use[],
  object: HandlersObject | undefined,
): string {
  const counts = new Map<string, number>();
  const single = handlers.filter(
    ({ file, local }) =>
      file !== object?.file &&
      references(file.tokens, local).some(
        (index) => file.tokens[index + local.split(".").length * 2 - 1]?.text === "[",
      ),
  );
  for (const file of new Set(single.map((use) => use.file))) {
    const path = posix.dirname(file.path);
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  // A handler type may be named elsewhere too.
  const home = object === undefined ? "" : posix.dirname(object.file.path);
  const weight = ([path, count]: readonly [string, number]) => count + (path === home ? 0.5 : 0);
  const [most] = [...counts].sort((a, b) => weight(b) - weight(a));
  if (most !== undefined && isBelow(most[0])) return most[0];
  const index = [object?.file, ...handlers.map(({ file }) => file)].find(
    (file) => file !== undefined && posix.basename(file.path) === "index.ts",
  );
  const folder = index === undefined ? "" : posix.dirname(index.path);
  return isBelow(folder) && folder.split("/").length > 2
    ? folder
    : `src/services/${service.directory}`;
}

/** Whether a folder is below src: handlers in src itself are those of all services. */
function isBelow(folder: string): boolean {
  return folder.startsWith("src/");
}
