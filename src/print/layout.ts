import { type Doc, hardLine, isSequence, line } from "./doc.ts";

/** Columns of a line in everything that is printed; biome formats emitted projects to the same. */
export const maxWidth = 100;

const indentWidth = 2;

/** What follows an item of a broken list. */
const comma: readonly Doc[] = [",", line];
const noComma: readonly Doc[] = [line];

/**
 * Lays out code as biome does, in time linear in its size.
 *
 * @param indentation number of spaces in front of the first line, and of all others
 */
export function printDoc(doc: Doc, indentation = 0): string {
  const layout = new Layout(indentation);
  layout.print(doc, indentation);
  return layout.text();
}

/** A sequence that is being printed. */
interface OpenSequence {
  readonly parts: readonly Doc[];
  /** Index of the next part. */
  next: number;
  /** The sequence around it. */
  readonly outer: OpenSequence | undefined;
}

class Layout {
  readonly #pieces: string[] = [];
  #column: number;
  /** Only spaces so far: they are printed with the first text, so that an empty line stays empty. */
  #isLineStart = true;
  /** The innermost sequence. Its next parts follow the part that is being printed. */
  #open: OpenSequence | undefined;

  constructor(column: number) {
    this.#column = column;
  }

  text(): string {
    return this.#pieces.join("");
  }

  print(doc: Doc, indentation: number): void {
    if (typeof doc === "string") {
      this.#write(doc);
      return;
    }
    if (isSequence(doc)) {
      this.#printSequence(doc, indentation);
      return;
    }
    switch (doc.kind) {
      case "line":
        this.#startLine(indentation);
        break;
      case "when broken":
        this.#write(doc.text);
        break;
      case "indent":
        this.print(doc.content, indentation + indentWidth);
        break;
      case "entries":
        this.#printEntries(doc.each(), indentation);
        break;
      case "items":
        this.#printItems(doc.items, doc.trailing, indentation);
        break;
      case "choice": {
        const isChosen = this.#fits(roomAfter(doc.content, maxWidth - this.#column));
        this.print(isChosen ? doc.content : doc.otherwise, indentation);
        break;
      }
      case "group": {
        const room = maxWidth - this.#column;
        const flat = flatText(doc.content, room);
        if (flat !== undefined && this.#fits(room - flat.length)) this.#write(flat);
        else this.print(doc.content, indentation);
      }
    }
  }

  #printSequence(parts: readonly Doc[], indentation: number): void {
    const sequence = { parts, next: 0, outer: this.#open };
    this.#open = sequence;
    for (const part of parts) {
      sequence.next++;
      // Most parts are strings.
      if (typeof part === "string") this.#write(part);
      else this.print(part, indentation);
    }
    this.#open = sequence.outer;
  }

  #printEntries(entries: Iterable<Doc>, indentation: number): void {
    const outer = this.#open;
    // Whatever follows an entry starts on a new line.
    this.#open = { parts: [hardLine], next: 0, outer };
    for (const entry of entries) {
      this.#startLine(indentation);
      this.print(entry, indentation);
    }
    this.#open = outer;
  }

  #printItems(items: readonly Doc[], trailing: string, indentation: number): void {
    const outer = this.#open;
    const inner = indentation + indentWidth;
    let left = items.length;
    for (const item of items) {
      const separator = --left > 0 ? "," : trailing;
      this.#open = { parts: separator === "" ? noComma : comma, next: 0, outer };
      this.#startLine(inner);
      this.print(item, inner);
      this.#write(separator);
    }
    this.#open = outer;
    this.#startLine(indentation);
  }

  #startLine(indentation: number): void {
    this.#pieces.push("\n");
    this.#column = indentation;
    this.#isLineStart = true;
  }

  #write(code: string): void {
    if (code === "") return;
    this.#pieces.push(this.#isLineStart ? " ".repeat(this.#column) + code : code);
    this.#column += code.length;
    this.#isLineStart = false;
  }

  /** Whether what follows fits in `room`, up to its first possible line break. */
  #fits(room: number): boolean {
    let left = room;
    let sequence = this.#open;
    while (sequence !== undefined && isUndecided(left)) {
      left = roomAfter(sequence.parts, left, sequence.next);
      sequence = sequence.outer;
    }
    return left >= 0;
  }
}

/** Code on one line; undefined when it is longer than `room` or has a line that always breaks. */
function flatText(doc: Doc, room: number): string | undefined {
  if (typeof doc === "string") return doc.length > room ? undefined : doc;
  if (isSequence(doc)) {
    let text = "";
    for (const part of doc) {
      const flat = flatText(part, room - text.length);
      if (flat === undefined) return undefined;
      text += flat;
    }
    return text;
  }
  switch (doc.kind) {
    case "line":
      return doc.flat;
    case "when broken":
      return "";
    case "entries":
      return undefined;
    case "items": {
      let text: string = doc.padding;
      let separator = "";
      for (const item of doc.items) {
        const flat = flatText(item, room - text.length);
        if (flat === undefined) return undefined;
        text += separator + flat;
        separator = ", ";
      }
      return text + doc.padding;
    }
    default:
      return flatText(doc.content, room);
  }
}

/**
 * Columns left of `room` after code that is broken wherever possible: infinity if it fits up to the
 * first line break, negative if it does not fit.
 *
 * @param start index in a sequence of the first part that counts
 */
function roomAfter(doc: Doc, room: number, start = 0): number {
  if (typeof doc === "string") return room - doc.length;
  if (isSequence(doc)) {
    let left = room;
    for (let i = start; i < doc.length && isUndecided(left); i++) {
      left = roomAfter(doc[i] ?? "", left);
    }
    return left;
  }
  switch (doc.kind) {
    case "line":
    case "entries":
    case "items":
      return Number.POSITIVE_INFINITY;
    case "when broken":
      return room - doc.text.length;
    case "choice":
      return roomAfter(doc.otherwise, room);
    default:
      return roomAfter(doc.content, room);
  }
}

function isUndecided(room: number): boolean {
  return room >= 0 && room !== Number.POSITIVE_INFINITY;
}
