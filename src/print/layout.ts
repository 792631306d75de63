import { type Doc, isSequence } from "./doc.ts";

/** Columns of a line in everything that is printed; biome formats emitted projects to the same. */
const maxWidth = 100;

const indentWidth = 2;

/** What is still to be printed: a linked list, so that looking ahead copies nothing. */
interface Step {
  readonly doc: Doc;
  readonly indentation: number;
  readonly next: Step | undefined;
}

/**
 * Lays out code as biome does, in time linear in its size.
 *
 * @param indentation number of spaces in front of the first line, and of all others
 */
export function printDoc(doc: Doc, indentation = 0): string {
  let text = "";
  let column = indentation;
  // Only spaces so far: they are printed with the first text, so that an empty line stays empty.
  let isLineStart = true;
  const write = (code: string) => {
    if (code === "") return;
    text += isLineStart ? " ".repeat(column) + code : code;
    column += code.length;
    isLineStart = false;
  };
  let step: Step | undefined = { doc, indentation, next: undefined };
  while (step !== undefined) {
    const { doc, indentation, next }: Step = step;
    step = next;
    if (typeof doc === "string") {
      write(doc);
    } else if (isSequence(doc)) {
      step = inFront(doc, indentation, next);
    } else if (doc.kind === "line") {
      text += "\n";
      column = indentation;
      isLineStart = true;
    } else if (doc.kind === "when broken") {
      write(doc.text);
    } else if (doc.kind === "indent") {
      step = { doc: doc.content, indentation: indentation + indentWidth, next };
    } else if (doc.kind === "choice") {
      const content = { doc: doc.content, indentation, next };
      const chosen = fits(content, maxWidth - column) ? doc.content : doc.otherwise;
      step = { doc: chosen, indentation, next };
    } else {
      const room = maxWidth - column;
      const flat = flatText(doc.content, room);
      if (flat !== undefined && fits(next, room - flat.length)) write(flat);
      else step = { doc: doc.content, indentation, next };
    }
  }
  return text;
}

/** The parts of a sequence in front of what follows it. */
function inFront(parts: readonly Doc[], indentation: number, next: Step | undefined) {
  let step = next;
  for (let i = parts.length - 1; i >= 0; i--) {
    step = { doc: parts[i] ?? "", indentation, next: step };
  }
  return step;
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
  if (doc.kind === "line") return doc.flat;
  return doc.kind === "when broken" ? "" : flatText(doc.content, room);
}

/** Whether what comes next fits in `room` up to the first place where it may be broken. */
function fits(start: Step | undefined, room: number): boolean {
  let left = room;
  let step = start;
  while (step !== undefined && left >= 0) {
    const { doc, indentation, next }: Step = step;
    step = next;
    if (typeof doc === "string") left -= doc.length;
    else if (isSequence(doc)) step = inFront(doc, indentation, next);
    else if (doc.kind === "line") return true;
    else if (doc.kind === "when broken") left -= doc.text.length;
    else {
      const content = doc.kind === "choice" ? doc.otherwise : doc.content;
      step = { doc: content, indentation, next };
    }
  }
  return left >= 0;
}
