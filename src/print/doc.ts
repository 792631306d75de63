/**
 * Code with the places where it may be broken into lines. Build it with the functions below and
 * those of `syntax.ts`; `printDoc` turns it into text. A string contains no line break.
 *
 * After P. Wadler, "A prettier printer".
 */
export type Doc =
  | string
  | readonly Doc[]
  | Group
  | Indent
  | Line
  | WhenBroken
  | Choice
  | Entries
  | Items;

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
  /** Text when the group is on one line. Undefined: always a line break. */
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

interface Items {
  readonly kind: "items";
  readonly items: readonly Doc[];
  /** Inside the brackets, when the group is on one line. */
  readonly padding: "" | " ";
  /** After the last item, when the group is broken. */
  readonly trailing: "" | ",";
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

/** Always a line break. */
export const hardLine: Doc = { kind: "line", flat: undefined };

/** Text that is printed only when the group is broken, such as the comma after the last item. */
export function whenBroken(text: string): Doc {
  return { kind: "when broken", text };
}

/** `content` if it fits up to its first possible line break, else `otherwise`. */
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
 * `print` of each item, each on its own line. An entry is created when it is printed, so that long lists
 * take no memory.
 */
export function entries<Item>(items: readonly Item[], print: (item: Item) => Doc): Doc {
  return {
    kind: "entries",
    *each() {
      for (const item of items) yield print(item);
    },
  };
}

/**
 * At least one item between brackets: separated by `, `, or each on its own line. One node rather than
 * a sequence of many, because most of the generated code is in such lists.
 */
export function items(
  items: readonly Doc[],
  padding: Items["padding"],
  trailing: Items["trailing"],
): Doc {
  return { kind: "items", items, padding, trailing };
}

/** Whether a `Doc` is a sequence. */
export function isSequence(doc: Exclude<Doc, string>): doc is readonly Doc[] {
  return Array.isArray(doc);
}
