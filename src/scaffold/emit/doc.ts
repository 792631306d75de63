import { maxWidth } from "../../plugin/layout.ts";

/**
 * Code with the places where a formatter may break it. A group is printed on one line if it fits,
 * else broken at all of its own lines (after P. Wadler, "A prettier printer").
 */
export type Doc = string | readonly Doc[] | Group | Indent | Line | Comma | Choice;

interface Group {
  readonly kind: "group";
  readonly content: Doc;
}

interface Indent {
  readonly kind: "indent";
  readonly content: Doc;
}

/** A line break; on one line, the text `flat`. */
interface Line {
  readonly kind: "line";
  readonly flat: "" | " ";
}

/** The comma behind the last item of a broken list. */
interface Comma {
  readonly kind: "comma";
}

/** `content` where it fits up to the first place to break it, else `otherwise`. */
interface Choice {
  readonly kind: "choice";
  readonly content: Doc;
  readonly otherwise: Doc;
}

/** `open item, item close`, or one item a line with a comma behind each. */
export function list(
  open: string,
  items: readonly Doc[],
  close: string,
  padding: "" | " " = "",
): Doc {
  if (items.length === 0) return open + close;
  const separated = items.flatMap((item, index) => (index === 0 ? [item] : [",", line(" "), item]));
  const inner: Doc = { kind: "indent", content: [line(padding), separated] };
  return { kind: "group", content: [open, inner, { kind: "comma" }, line(padding), close] };
}

/** `name(first, second)` */
export function call(name: Doc, ...args: Doc[]): Doc {
  return [name, list("(", args, ")")];
}

/** `name(only)` with one object or list: its brackets stay on the lines of the call's. */
export function callWith(name: string, argument: Doc): Doc {
  if (typeof argument === "string") return call(name, argument);
  return [name, choice(["(", argument, ")"], list("(", [argument], ")"))];
}

/** `left value`, where `left` ends with `=` or `:`. */
export function assignment(left: string, value: Doc): Doc {
  return [left, choice([" ", value], { kind: "indent", content: [line(""), value] })];
}

/** The same for a call with just a name in its brackets, which is moved before it is broken. */
export function assignedCall(left: string, name: string, argument: string): Doc {
  const moved: Doc = { kind: "indent", content: [line(" "), call(name, argument)] };
  return [left, { kind: "group", content: moved }];
}

function choice(content: Doc, otherwise: Doc): Doc {
  return { kind: "choice", content, otherwise };
}

function line(flat: "" | " "): Doc {
  return { kind: "line", flat };
}

interface Step {
  readonly doc: Doc;
  readonly indentation: number;
  readonly flat: boolean;
}

/** Lays out code at the width that the emitted project is formatted to. */
export function printDoc(doc: Doc, indentation = 0): string {
  let text = " ".repeat(indentation);
  const steps: Step[] = [{ doc, indentation, flat: false }];
  const room = () => maxWidth - (text.length - (text.lastIndexOf("\n") + 1));
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { doc, indentation, flat } = step;
    if (typeof doc === "string") {
      text += doc;
    } else if (isSequence(doc)) {
      steps.push(...inside(step, doc));
    } else if (doc.kind === "line") {
      text += flat ? doc.flat : `\n${" ".repeat(indentation)}`;
    } else if (doc.kind === "comma") {
      text += flat ? "" : ",";
    } else if (doc.kind === "choice") {
      const content = { ...step, doc: doc.content };
      const chosen = flat || fits(room(), content, steps);
      steps.push(chosen ? content : { ...step, doc: doc.otherwise });
    } else if (doc.kind === "indent") {
      steps.push({ doc: doc.content, indentation: indentation + 2, flat });
    } else {
      const oneLine = { ...step, doc: doc.content, flat: true };
      steps.push(fits(room(), oneLine, steps) ? oneLine : { ...oneLine, flat });
    }
  }
  return text;
}

/** Whether `next` fits, and what follows it, up to the first line break there may be. */
function fits(room: number, next: Step, following: readonly Step[]): boolean {
  let left = room;
  let index = following.length;
  const steps = [next];
  while (left >= 0) {
    const step = steps.pop() ?? following[--index];
    if (step === undefined) return true;
    const { doc, flat } = step;
    if (typeof doc === "string") left -= doc.length;
    else if (isSequence(doc)) steps.push(...inside(step, doc));
    else if (doc.kind === "comma") left -= flat ? 0 : 1;
    else if (doc.kind === "choice")
      steps.push({ ...step, doc: flat ? doc.content : doc.otherwise });
    else if (doc.kind !== "line") steps.push({ ...step, doc: doc.content });
    else if (flat) left -= doc.flat.length;
    else return true;
  }
  return false;
}

/** The parts of a sequence as steps, the first one last: a stack is read from its end. */
function inside(step: Step, parts: readonly Doc[]): Step[] {
  return parts.map((doc) => ({ ...step, doc })).reverse();
}

function isSequence(doc: Exclude<Doc, string>): doc is readonly Doc[] {
  return Array.isArray(doc);
}
