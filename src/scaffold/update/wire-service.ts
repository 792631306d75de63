import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { printImport } from "../../print/import-statement.ts";
import { handlerFunction } from "../emit/names.ts";
import { wiringLine } from "../emit/service-index.ts";
import { importedNames, insertImports } from "./import-text.ts";
import {
  closingBracket,
  indexOfName,
  insertBeforeBracket,
  itemStarts,
  maskText,
  namePattern,
} from "./source-text.ts";

/** The object of handlers that an index.ts returns. */
interface HandlersObject {
  readonly open: number;
  readonly close: number;
  /** Names of its properties. */
  readonly properties: readonly string[];
  /** Name of the parameter with the dependencies. */
  readonly parameter: string;
}

/** Result of adding lines to an index.ts. */
export type Wiring =
  | { readonly kind: "wired"; readonly text: string }
  /** The file has another layout. The user must add these lines. */
  | { readonly kind: "by hand"; readonly lines: readonly string[] };

/** The RPCs of a service that its index.ts does not mention. */
export function missingMethods(service: ServiceModel, index: string): MethodModel[] {
  const properties = findHandlers(service, index)?.properties;
  const masked = maskText(index);
  const mentions = (name: string) => properties?.includes(name) ?? indexOfName(masked, name) >= 0;
  return service.methods.filter(({ localName }) => !mentions(localName));
}

/** Properties of the handlers object without an RPC in the service. */
export function orphanedProperties(service: ServiceModel, index: string): string[] {
  const known = new Set(service.methods.map(({ localName }) => localName));
  return (findHandlers(service, index)?.properties ?? []).filter((name) => !known.has(name));
}

/** Adds an import and a line per method. Changes nothing else. */
export function wireMethods(
  service: ServiceModel,
  index: string,
  methods: readonly MethodModel[],
): Wiring {
  const handlers = findHandlers(service, index);
  const parameter = handlers?.parameter ?? "dependencies";
  const added = methods.map((method) => wiring(service, method, parameter, index));
  const imports = added.map(({ statement }) => statement);
  const lines = added.map(({ line }) => line);
  if (handlers === undefined)
    return { kind: "by hand", lines: [...imports.map(printImport), ...lines] };
  const { open, close } = handlers;
  const text = insertBeforeBracket(index, maskText(index), open, close, lines);
  return { kind: "wired", text: insertImports(text, imports) };
}

function wiring(service: ServiceModel, method: MethodModel, parameter: string, index: string) {
  const name = handlerFunction(service, method);
  const taken = importedNames(index).some(({ local }) => local === name);
  const local = taken ? `${name}Handler` : name;
  return {
    statement: {
      path: `./${method.fileName}.ts`,
      typeOnly: false,
      names: [{ name, local, typeOnly: false }],
    },
    line: wiringLine(method, local, parameter),
  };
}

/** Finds `return { ... }` in the function that returns the service's handlers. */
function findHandlers(service: ServiceModel, index: string): HandlersObject | undefined {
  const masked = maskText(index);
  const head = new RegExp(
    `\\(\\s*([\\w$]+)\\s*:[^()]*\\)\\s*:\\s*${namePattern(service.handlersType)}\\s*\\{\\s*return\\s*(\\{)`,
    "d",
  ).exec(masked);
  const open = head?.indices?.[2]?.[0];
  const parameter = head?.[1];
  if (open === undefined || parameter === undefined) return undefined;
  const close = closingBracket(masked, open);
  if (close < 0) return undefined;
  const items = itemStarts(masked, open, close).map((start) => index.slice(start, close));
  // A spread may contain any handler.
  if (items.some((item) => item.startsWith("..."))) return undefined;
  return { open, close, parameter, properties: items.flatMap(propertyName) };
}

/** `getUser: ...`, `getUser,`, `async getUser(...)`, `async *getUser(...)`, `"getUser": ...` */
function propertyName(item: string): string[] {
  const match = /^(?:async\s+)?(?:\*\s*)?(?:\[\s*)?["']?([\w$]+)/.exec(item);
  return match?.[1] === undefined ? [] : [match[1]];
}
