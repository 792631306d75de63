/**
 * Code with the places where it may be broken into lines. Build it with the functions below and
 * those of `syntax.ts`; `printDoc` turns it into text. A string holds no line break.
 *
 * After P. Wadler, "A prettier printer".
 */
export type Doc = string | readonly Doc[] | Group | Indent | Line | WhenBroken | Choice | Entries;

interface Group {
  readonly kind: "group";
  readonly content: Doc;
}

interface Indent {
  readonly kind: "indent";
  readonly content: Doc;
}

interface Line {
  readonly kind: "line";
  /** What stands in its place when the group is on one line; undefined: it always breaks. */
  readonly flat: "" | " " | undefined;
}

interface WhenBroken {
  readonly kind: "when broken";
  readonly text: string;
}

interface Choice {
  readonly kind: "choice";
  readonly content: Doc;
  readonly otherwise: Doc;
}

interface Entries {
  readonly kind: "entries";
  readonly each: () => Iterable<Doc>;
}

/** Printed on one line if it fits, else broken at all of its own lines. */
export function group(content: Doc): Doc {
  return { kind: "group", content };
}

/** Lines that start in `content` are indented by one more step. */
export function indent(content: Doc): Doc {
  return { kind: "indent", content };
}

/** A line break, or nothing when the group is on one line. */
export const softLine: Doc = { kind: "line", flat: "" };

/** A line break, or a space when the group is on one line. */
export const line: Doc = { kind: "line", flat: " " };

/** A line break in any case. */
export const hardLine: Doc = { kind: "line", flat: undefined };

/** Text that is printed only when the group is broken, such as the comma after the last item. */
export function whenBroken(text: string): Doc {
  return { kind: "when broken", text };
}

/** `content` where it fits up to the first place to break it, else `otherwise`. */
export function choice(content: Doc, otherwise: Doc): Doc {
  return { kind: "choice", content, otherwise };
}

/** The items with `separator` between them. */
export function join(separator: Doc, items: readonly Doc[]): Doc {
  const joined: Doc[] = [];
  for (const item of items) {
    if (joined.length > 0) joined.push(separator);
    joined.push(item);
  }
  return joined;
}

/**
 * What `print` makes of each item, on a line of its own. It is made when it is printed, so that a
 * list of thousands takes no memory.
 */
export function entries<Item>(items: readonly Item[], print: (item: Item) => Doc): Doc {
  return {
    kind: "entries",
    *each() {
      for (const item of items) yield print(item);
    },
  };
}

/** Tells a sequence from the other kinds of `Doc`. */
export function isSequence(doc: Exclude<Doc, string>): doc is readonly Doc[] {
  return Array.isArray(doc);
}
