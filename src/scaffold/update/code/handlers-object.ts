import type { ServiceModel } from "../../../plugin/model.ts";
import { genModule } from "../../emit/names.ts";
import type { Code, CodeFile, Use } from "./code.ts";
import { closingToken, enclosingToken, opens, references, type Token, unquoted } from "./tokens.ts";

/** The object with the handlers of a service. */
export interface HandlersObject {
  readonly file: CodeFile;
  /** Positions of its braces in the text. */
  readonly open: number;
  readonly close: number;
  readonly properties: readonly Property[];
  /** Name of the parameter with the dependencies. Undefined if it has another form. */
  readonly parameter: string | undefined;
  /**
   * Whether the compiler sees what is missing. Else, as in `{...} as Handlers`, further handlers may be
   * assigned later or come from elsewhere.
   */
  readonly checked: boolean;
}

/** A property of the object: its key, and the text from the key to the next comma. */
export interface Property {
  readonly name: string;
  readonly key: Token;
  readonly start: number;
  readonly end: number;
  /** `{ getUser }` */
  readonly shorthand: boolean;
}

/**
 * Finds the object that has all handlers of a service, by its type or as the argument of `implement`.
 * Undefined for code of another form: its properties may then be anywhere.
 */
export function findHandlersObject(code: Code, service: ServiceModel): HandlersObject | undefined {
  const module = genModule(service);
  const typed = code.uses(module, service.handlersType).filter(inSrc);
  const implemented = code.uses(module, service.definitionName).filter(inSrc);
  return (
    first(typed, (use) => objectOfType(use)) ?? first(implemented, (use) => objectOfCall(code, use))
  );
}

export function inSrc({ file }: Use): boolean {
  return file.path.startsWith("src/");
}

function first<In, Out>(items: readonly In[], find: (item: In) => Out | undefined) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * `(d: Dependencies): Handlers { return {...} }`, `(d: Dependencies): Handlers => ({...})`,
 * `x: Handlers = {...}`, `{...} satisfies Handlers`, `{...} as Handlers`, and the same with `Partial<Handlers>`
 */
function objectOfType({ file, local }: Use): HandlersObject | undefined {
  const { tokens } = file;
  const text = (index: number) => tokens[index]?.text;
  for (const index of references(tokens, local)) {
    const end = index + local.split(".").length * 2 - 1;
    const isPartial = text(index - 2) === "Partial" && text(index - 1) === "<";
    const [type, next] = isPartial ? [index - 2, end + 1] : [index, end];
    const before = text(type - 1);
    let found: HandlersObject | undefined;
    if (before === "satisfies" && text(type - 2) === "}") {
      found = readObject(file, enclosingToken(tokens, type - 2), undefined);
    } else if (before === "as" || (before === "<" && text(next) === ">")) {
      found = readObject(file, castObject(tokens, type, next), undefined);
    } else if (before === ":" && text(next) === "=") {
      found = readObject(file, next + 1, undefined);
    } else if (before === ":" && text(type - 2) === ")") {
      found = readObject(file, returnedObject(tokens, next), parameterBefore(tokens, type - 2));
    }
    if (found !== undefined) return isPartial ? { ...found, checked: false } : found;
  }
  return undefined;
}

/** Index of the brace of `{...} as Handlers`, `{...} as unknown as Handlers` or `<Handlers>{...}`. */
function castObject(tokens: readonly Token[], index: number, next: number): number {
  if (tokens[index - 1]?.text === "<") return next + 1;
  let close = index - 2;
  while (tokens[close]?.kind === "name" && tokens[close - 1]?.text === "as") close -= 2;
  return tokens[close]?.text === "}" ? enclosingToken(tokens, close) : -1;
}

/** `implement(definition, {...})`, `implement(definition, handlers)`, `implement(definition, handlers(...))` */
function objectOfCall(code: Code, { file, local }: Use): HandlersObject | undefined {
  const { tokens } = file;
  for (const index of references(tokens, local)) {
    const next = index + local.split(".").length * 2 - 1;
    const value = tokens[next + 1];
    if (tokens[index - 1]?.text !== "(" || tokens[next]?.text !== "," || value === undefined)
      continue;
    const found =
      value.kind === "name"
        ? declaredObject(code, file, value.text)
        : readObject(file, next + 1, undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `const name = {...}`, `function name(...) { return {...} }` or `const name = (...) => ({...})`, here or imported. */
function declaredObject(code: Code, file: CodeFile, name: string): HandlersObject | undefined {
  const { tokens } = file;
  const at = tokens.findIndex(
    ({ text }, index) =>
      text === name && ["const", "let", "function"].includes(tokens[index - 1]?.text ?? ""),
  );
  if (at < 0) return importedObject(code, file, name);
  const isFunction = tokens[at - 1]?.text === "function";
  const equals = tokens.findIndex(({ text }, index) => index > at && text === "=");
  const value = isFunction ? at + 1 : tokens[equals + 1]?.text === "async" ? -1 : equals + 1;
  const close = tokens[value]?.text === "(" ? closingToken(tokens, value) : -1;
  const found =
    close < 0
      ? readObject(file, value, undefined)
      : readObject(file, returnedObject(tokens, close + 1), parameterBefore(tokens, close));
  return found && { ...found, checked: false };
}

function importedObject(code: Code, file: CodeFile, local: string): HandlersObject | undefined {
  for (const { path, names } of file.references) {
    const name = names.find((each) => each.local === local)?.name;
    const target = code.files.get(code.resolve(file.path, path) ?? "");
    const isThere = target?.tokens.some(({ text }) => text === name) ?? false;
    if (name === undefined || target === undefined || !isThere || target === file) continue;
    const declares = target.tokens.some(
      ({ text }, index) =>
        text === name && ["const", "function"].includes(target.tokens[index - 1]?.text ?? ""),
    );
    if (declares) return declaredObject(code, target, name);
  }
  return undefined;
}

/** Index of the brace of the object that a function returns, whose body or arrow is at `index`. */
function returnedObject(tokens: readonly Token[], index: number): number {
  const text = (at: number) => tokens[at]?.text;
  if (text(index) === "=>") {
    if (text(index + 1) === "(" && text(index + 2) === "{") return index + 2;
    return text(index + 1) === "{" ? returnedObject(tokens, index + 1) : -1;
  }
  if (text(index) !== "{") return -1;
  const close = closingToken(tokens, index);
  let depth = 0;
  for (let at = index; at < close; at++) {
    if (text(at) === "{") depth++;
    else if (text(at) === "}") depth--;
    else if (text(at) === "return" && depth === 1) return text(at + 1) === "{" ? at + 1 : -1;
  }
  return -1;
}

/** The name in `(name: Type)` that ends at `close`. */
function parameterBefore(tokens: readonly Token[], close: number): string | undefined {
  const open = enclosingToken(tokens, close);
  const name = tokens[open + 1];
  return name?.kind === "name" && tokens[open + 2]?.text === ":" ? name.text : undefined;
}

/** Undefined if it is not an object, or one with a spread or computed keys: it may have any handler. */
function readObject(
  file: CodeFile,
  open: number,
  parameter: string | undefined,
): HandlersObject | undefined {
  const { tokens } = file;
  if (tokens[open]?.text !== "{") return undefined;
  const close = closingToken(tokens, open);
  const properties: Property[] = [];
  for (let index = open + 1; index < close; ) {
    const end = itemEnd(tokens, index, close);
    const property = readProperty(tokens, index, end);
    if (property === undefined) return undefined;
    properties.push(property);
    index = end + 1;
  }
  const braces = { open: tokens[open]?.start ?? 0, close: tokens[close]?.start ?? 0 };
  const cast = tokens[close + 1]?.text === "as" || tokens[open - 1]?.text === ">";
  return close < 0 ? undefined : { file, ...braces, properties, parameter, checked: !cast };
}

/** Index of the comma or brace that ends an item. */
function itemEnd(tokens: readonly Token[], start: number, close: number): number {
  for (let index = start; index < close; index++) {
    if (tokens[index]?.text === ",") return index;
    if (opens(tokens[index])) index = closingToken(tokens, index);
    if (index < 0) return close;
  }
  return close;
}

/** `getUser: ...`, `getUser,`, `async getUser(...)`, `async *getUser(...)`, `"getUser": ...` */
function readProperty(tokens: readonly Token[], first: number, end: number): Property | undefined {
  let index = first;
  if (tokens[index]?.text === "async" && end > index + 1 && tokens[index + 1]?.text !== ":")
    index++;
  if (tokens[index]?.text === "*") index++;
  const key = tokens[index];
  const last = tokens[end - 1];
  const head = tokens[first];
  if (key === undefined || last === undefined || head === undefined) return undefined;
  if (key.kind !== "name" && key.kind !== "string") return undefined;
  const name = key.kind === "string" ? unquoted(key) : key.text;
  return { name, key, start: head.start, end: last.end, shorthand: end === first + 1 };
}
