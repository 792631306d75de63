import { mapping, YamlError, type YamlValue } from "./value.ts";

const doubleQuoted = /"(?:[^"\\\n]|\\.)*"/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;
/** What a plain scalar may begin with; `-`, `?` and `:` only before another character. */
const plainStart = /[^ \t\n\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=[^ \t\n,[\]{}])/y;
/** A colon ends a plain scalar before a space, and `#` begins a comment behind one. */
const plainInBlock = /(?:[^ \t\n:#]|:(?=[^ \t\n])|(?<=[^ \t\n])#|[ \t]+(?=[^ \t\n:#]|:[^ \t\n]))+/y;
/** Between brackets, so do commas and brackets. */
const plainInFlow =
  /(?:[^ \t\n:#,[\]{}]|:(?=[^ \t\n,[\]{}])|(?<=[^ \t\n])#|[ \t]+(?=[^ \t\n:#,[\]{}]|:[^ \t\n,[\]{}]))+/y;
const space = /(?:[ \t\n]+|(?<=[ \t\n]|^)#.*)+/y;
const colonInBlock = /[ \t]*:(?=[ \t\n]|$)/y;
const colonInFlow = /[ \t\n]*:(?=[ \t\n,[\]{}]|$)/y;
/** Behind a key in quotes, as JSON writes it. */
const anyColon = /[ \t\n]*:/y;

/** A key at the start of a line, and what follows its colon; undefined for a line without a key. */
export function readKey(line: string): { key: string; rest: string } | undefined {
  const reader = new Reader(line);
  const key = reader.scalar(plainInBlock);
  if (key === undefined || reader.take(colonInBlock) === undefined) return undefined;
  return { key, rest: reader.rest() };
}

/**
 * Reads what stands behind a key or dash: a scalar, or values in brackets, which may go on for lines.
 *
 * @throws YamlError
 */
export function readInline(text: string): YamlValue {
  const reader = new Reader(text);
  reader.take(space);
  const value = reader.isAtEnd() ? "" : reader.value(plainInBlock);
  reader.take(space);
  if (!reader.isAtEnd()) throw new YamlError(`unexpected ${JSON.stringify(reader.rest())}`);
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  rest(): string {
    return this.#text.slice(this.#at);
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  value(plain: RegExp): YamlValue {
    if (this.#takeMark("[")) return this.#list();
    if (this.#takeMark("{")) return this.#map();
    const scalar = this.scalar(plain);
    if (scalar === undefined) throw this.#unexpected();
    return scalar;
  }

  /** A scalar, if there is one. */
  scalar(plain: RegExp): string | undefined {
    const double = this.take(doubleQuoted);
    if (double !== undefined) return unescaped(double);
    const single = this.take(singleQuoted);
    if (single !== undefined) return single.slice(1, -1).replaceAll("''", "'");
    plainStart.lastIndex = this.#at;
    return plainStart.test(this.#text) ? this.take(plain) : undefined;
  }

  #list(): YamlValue {
    const items: YamlValue[] = [];
    while (!this.#takeClosing("]")) {
      items.push(this.value(plainInFlow));
      this.#endItem("]");
    }
    return items;
  }

  #map(): YamlValue {
    const entries: [string, YamlValue][] = [];
    while (!this.#takeClosing("}")) {
      const isQuoted = /["']/.test(this.#text.charAt(this.#at));
      const key = this.scalar(plainInFlow);
      if (key === undefined) throw this.#unexpected();
      entries.push([key, this.#takeValue(isQuoted ? anyColon : colonInFlow)]);
      this.#endItem("}");
    }
    return mapping(entries);
  }

  /** The value of a key between brackets; empty when there is none. */
  #takeValue(colon: RegExp): YamlValue {
    if (this.take(colon) === undefined) return "";
    this.take(space);
    return /[,}]/.test(this.#text.charAt(this.#at)) ? "" : this.value(plainInFlow);
  }

  #endItem(closing: string): void {
    this.take(space);
    if (this.#takeMark(",") || this.#text.startsWith(closing, this.#at)) return;
    throw this.#unexpected();
  }

  #takeClosing(closing: string): boolean {
    this.take(space);
    return this.#takeMark(closing);
  }

  #takeMark(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at++;
    return true;
  }

  #unexpected(): YamlError {
    if (this.isAtEnd()) return new YamlError("a bracket is not closed", true);
    return new YamlError(`unexpected ${JSON.stringify(this.rest())}`);
  }
}

/** Of the escapes that YAML has, we know those of JSON. */
function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new YamlError(`cannot read ${quoted}`);
  }
}
