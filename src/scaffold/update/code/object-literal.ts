import type { CodeFile } from "./code.ts";
import { closingToken, enclosingToken, opens, type Token, unquoted } from "./tokens.ts";

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

/** Index of the brace of the object that a function returns, whose body or arrow is at `index`. */
export function returnedObject(tokens: readonly Token[], index: number): number {
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
export function parameterBefore(tokens: readonly Token[], close: number): string | undefined {
  const open = enclosingToken(tokens, close);
  const name = tokens[open + 1];
  return name?.kind === "name" && tokens[open + 2]?.text === ":" ? name.text : undefined;
}

/** Undefined if it is not an object, or one with a spread or computed keys: it may have any handler. */
export function readObject(
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
  const cast = tokens[close + 1]?.text === "as";
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
