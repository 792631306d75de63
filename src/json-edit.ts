import { type Node, parseTree } from "jsonc-parser";
import { lineEnding } from "./line-endings.ts";

/** A change of a text: replaces `length` characters. */
interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** What becomes of an object: its properties in their new order. */
export type NewProperty =
  /** Stays as it is. */
  { readonly kept: Node } | { readonly key: string; readonly value: unknown };

/**
 * Edits of a JSON text that change nothing but what is asked for: every other byte stays. The functions `modify`
 * and `applyEdits` of jsonc-parser also reformat the lines around a change, and take the first of two equal
 * keys, while programs take the last.
 */
export class JsonEdit {
  readonly #text: string;
  readonly #indent: string;
  readonly #eol: string;
  readonly #edits: Edit[] = [];
  readonly root: Node | undefined;

  /** @param text without a byte order mark */
  constructor(text: string) {
    this.#text = text;
    this.#eol = lineEnding(text);
    this.#indent = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
    this.root = parseTree(text);
  }

  /** The value of a node. */
  valueOf({ offset, length }: Node): unknown {
    return JSON.parse(this.#text.slice(offset, offset + length));
  }

  replace(value: Node, by: unknown): void {
    const isInline = value.type === "array" && Array.isArray(by) && this.#isOnOneLine(value);
    const text = isInline
      ? `[${by.map((item) => JSON.stringify(item)).join(", ")}]`
      : this.#print(by, this.#indentAt(value.offset), this.#isOnOneLine(value.parent?.parent));
    this.#edits.push({ offset: value.offset, length: value.length, text });
  }

  /** Removes the properties of an object that are not among the new ones, and inserts those that are not there. */
  arrange(object: Node, wanted: readonly NewProperty[]): void {
    const properties = object.children ?? [];
    const kept = wanted.flatMap((entry) => ("kept" in entry ? [entry.kept] : []));
    const [first] = kept;
    if (first === undefined) {
      this.#refill(object, wanted);
      return;
    }
    this.#removeOthers(properties, new Set(kept));
    let previous: Node | undefined;
    for (const entry of wanted) {
      if ("kept" in entry) {
        previous = entry.kept;
        continue;
      }
      const { lead, colon } = this.#styleOf(object, previous ?? first);
      const oneLine = this.#isOnOneLine(object);
      const value = this.#print(entry.value, this.#indentAt(first.offset), oneLine);
      const printed = `${JSON.stringify(entry.key)}${colon}${value}`;
      const [offset, text] =
        previous === undefined
          ? [first.offset, `${printed},${lead}`]
          : [previous.offset + previous.length, `,${lead}${printed}`];
      this.#edits.push({ offset, length: 0, text });
    }
  }

  /** The text with all edits. */
  apply(): string {
    // Those at one place stay in their order.
    const edits = this.#edits.map((edit, index) => ({ ...edit, index }));
    edits.sort((a, b) => a.offset - b.offset || a.length - b.length || a.index - b.index);
    let text = "";
    let end = 0;
    for (const { offset, length, text: by } of edits) {
      text += this.#text.slice(end, offset) + by;
      end = offset + length;
    }
    return text + this.#text.slice(end);
  }

  /** Properties are removed with the comma before them, the first ones with the comma behind them. */
  #removeOthers(properties: readonly Node[], kept: ReadonlySet<Node>): void {
    let before: Node | undefined;
    let from: Node | undefined;
    let last: Node | undefined;
    const remove = (offset: number, end: number) =>
      this.#edits.push({ offset, length: end - offset, text: "" });
    for (const property of properties) {
      if (!kept.has(property)) {
        from ??= property;
        last = property;
        continue;
      }
      if (from !== undefined && before === undefined) remove(from.offset, property.offset);
      if (last !== undefined && before !== undefined) remove(endOf(before), endOf(last));
      [before, from, last] = [property, undefined, undefined];
    }
    if (last !== undefined && before !== undefined) remove(endOf(before), endOf(last));
  }

  /** Gives an object other properties than it has. */
  #refill(object: Node, wanted: readonly NewProperty[]): void {
    const value = Object.fromEntries(
      wanted.flatMap((entry) => ("kept" in entry ? [] : [[entry.key, entry.value] as const])),
    );
    const text = this.#print(value, this.#indentAt(object.offset), this.#isOnOneLine(this.root));
    this.#edits.push({ offset: object.offset, length: object.length, text });
  }

  /** The white space before the properties of an object, and what stands between a key and its value. */
  #styleOf(object: Node, like: Node): { readonly lead: string; readonly colon: string } {
    const properties = object.children ?? [];
    const sample = properties[Math.max(1, properties.indexOf(like))] ?? like;
    const [lead = ""] = /\s*$/.exec(this.#text.slice(object.offset + 1, sample.offset)) ?? [];
    const [key, value] = like.children ?? [];
    const colon = key && value ? this.#text.slice(endOf(key), value.offset) : ": ";
    return { lead, colon };
  }

  #isOnOneLine(object: Node | undefined): boolean {
    const { offset, length } = object ?? { offset: 0, length: this.#text.length };
    return !this.#text.slice(offset, offset + length).includes("\n");
  }

  #print(value: unknown, indent: string, oneLine: boolean): string {
    if (oneLine) return JSON.stringify(value);
    return JSON.stringify(value, undefined, this.#indent).replaceAll("\n", this.#eol + indent);
  }

  /** The white space at the start of a line. */
  #indentAt(offset: number): string {
    const line = this.#text.slice(this.#text.lastIndexOf("\n", offset - 1) + 1, offset);
    return /^[ \t]*/.exec(line)?.[0] ?? "";
  }
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
