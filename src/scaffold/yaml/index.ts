import { UsageError } from "../../terminal/errors.ts";
import { readInline, readKey } from "./inline.ts";
import { mapping, YamlError, type YamlValue } from "./value.ts";

/**
 * Reads YAML as configuration is written in it: mappings and lists, by indentation or in brackets,
 * of scalars on one line. What is left out (anchors, tags, blocks of text, several documents) is
 * refused, never misread; a library for all of it would be a tenth of this package.
 *
 * @param shown the file, for messages
 * @throws UsageError naming the line
 */
export function parseYaml(text: string, shown: string): YamlValue {
  const document = new Document(text);
  try {
    return document.read();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new UsageError(`${shown}:${document.line}: ${error.message}`);
  }
}

interface Line {
  readonly number: number;
  readonly indent: number;
  /** Without the indentation. */
  readonly text: string;
}

const dash = /^-(?= |$)/;
/** Of the start or the end of a document. */
const marker = /^(?:---|\.\.\.)(?=[ \t]|$)/;
const nothing = /^[ \t]*(?:#.*)?$/;

class Document {
  /** The lines that are left, the next one last. */
  readonly #lines: Line[];
  /** Number of the line that is being read. */
  line = 1;

  constructor(text: string) {
    const lines = text.split(/\r?\n/).map((line, index): Line => {
      const content = line.replace(/^ +/, "");
      const indent = line.length - content.length;
      return { number: index + 1, indent, text: content.replace(/[ \t]+$/, "") };
    });
    this.#lines = lines.filter((line) => !nothing.test(line.text)).reverse();
  }

  read(): YamlValue {
    const start = this.#peek();
    if (start?.text === "---" && start.indent === 0) this.#take(start);
    const first = this.#peek();
    if (first === undefined) return "";
    const isInline = first.indent === 0 && /^[[{]/.test(first.text);
    const value = isInline ? this.#inline(this.#take(first), -1) : this.#block(first);
    if (this.#peek() !== undefined) throw new YamlError("unexpected indentation");
    return value;
  }

  #peek(): Line | undefined {
    const next = this.#lines.at(-1);
    this.line = next?.number ?? this.line;
    return next;
  }

  #take(line: Line): string {
    this.#lines.pop();
    return line.text;
  }

  /** The next line, if it is one of a block with that indentation. */
  #nextOf(indent: number): Line | undefined {
    const next = this.#peek();
    if (next === undefined || next.indent < indent) return undefined;
    if (marker.test(next.text)) throw new YamlError("unexpected marker");
    if (next.indent > indent) throw new YamlError("unexpected indentation");
    return next;
  }

  #block(first: Line): YamlValue {
    return dash.test(first.text) ? this.#list(first.indent) : this.#mapping(first.indent);
  }

  #list(indent: number): YamlValue {
    const items: YamlValue[] = [];
    for (let line = this.#nextOf(indent); line !== undefined; line = this.#nextOf(indent)) {
      if (!dash.test(line.text)) break;
      const text = this.#take(line);
      const rest = text.replace(/^- */, "");
      if (dash.test(rest) || readKey(rest) !== undefined) {
        // A block that begins behind the dash, as if on a line of its own.
        const first = { ...line, indent: indent + text.length - rest.length, text: rest };
        this.#lines.push(first);
        items.push(this.#block(first));
      } else {
        items.push(this.#value(rest, indent));
      }
    }
    return items;
  }

  #mapping(indent: number): YamlValue {
    const entries: [string, YamlValue][] = [];
    for (let line = this.#nextOf(indent); line !== undefined; line = this.#nextOf(indent)) {
      const entry = readKey(line.text);
      if (entry === undefined) throw new YamlError(`expected "key: value", not ${line.text}`);
      this.#take(line);
      const next = this.#lines.at(-1);
      const isList = next?.indent === indent && dash.test(next.text) && nothing.test(entry.rest);
      entries.push([entry.key, isList ? this.#list(indent) : this.#value(entry.rest, indent)]);
    }
    return mapping(entries);
  }

  /** What stands behind a key or dash, or as a block below it. */
  #value(text: string, indent: number): YamlValue {
    const next = this.#lines.at(-1);
    const isBlock = nothing.test(text) && next !== undefined && next.indent > indent;
    return isBlock ? this.#block(next) : this.#inline(text, indent);
  }

  #inline(text: string, indent: number): YamlValue {
    try {
      return readInline(text);
    } catch (error) {
      const next = this.#lines.at(-1);
      const goesOn = error instanceof YamlError && error.isUnfinished;
      if (!goesOn || next === undefined || next.indent <= indent) throw error;
      return this.#inline(`${text}\n${this.#take(next)}`, indent);
    }
  }
}
