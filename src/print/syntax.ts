import {
  choice,
  type Doc,
  entries,
  group,
  hardLine,
  indent,
  items as itemsBetween,
  join,
  line,
  softLine,
  whenBroken,
} from "./doc.ts";

/** `open item, item close`, or one item per line with a comma after each. */
export function list(
  open: string,
  items: readonly Doc[],
  close: string,
  padding: "" | " " = "",
): Doc {
  if (items.length === 0) return open + close;
  return group([open, itemsBetween(items, padding, ","), close]);
}

/** `name(first, second)` */
export function call(name: string, ...args: readonly Doc[]): Doc {
  return [name, list("(", args, ")")];
}

/** A call whose last argument is an object or list, with both pairs of brackets on the same lines. */
export function callWith(name: string, ...args: readonly [...Doc[], Doc]): Doc {
  return [name, choice(["(", join(", ", args), ")"], list("(", args, ")"))];
}

/** `object.first.second`; each member may move to a line of its own. */
export function memberAccess(object: string, ...members: readonly string[]): Doc {
  return [object, ...members.map((name) => group(indent([softLine, `.${name}`])))];
}

/** `{`, one entry per line, `}`. */
export function block<Item>(items: readonly Item[], print: (item: Item) => Doc): Doc {
  return ["{", indent(entries(items, print)), hardLine, "}"];
}

/** `left = value`; the value moves to the next line if its start does not fit on the same line. */
export function assignment(left: Doc, value: Doc): Doc {
  return [left, " =", movable(value)];
}

/** `key: value`; the value moves to the next line as in an assignment. */
export function property(key: string, value: Doc): Doc {
  return [key, ":", movable(value)];
}

function movable(value: Doc): Doc {
  return choice([" ", value], indent([hardLine, value]));
}

/** `key: name(argument)`; a call with a single name as argument moves to the next line unbroken. */
export function shortCallProperty(key: string, name: string, argument: string): Doc {
  return [key, ":", group(indent([line, call(name, argument)]))];
}

/** `head(parameter, parameter)result`; parameters are broken before the result is. */
export function signature(head: string, parameters: readonly Doc[], result: Doc): Doc {
  if (parameters.length === 0) return group([head, "()", result]);
  return group([head, "(", itemsBetween(parameters, "", ","), ")", result]);
}

/** `name<first, second>` */
export function typeArguments(name: string, ...args: readonly Doc[]): Doc {
  const only = args[0];
  // A single name is never broken.
  const isName = args.length === 1 && typeof only === "string" && !only.includes(" ");
  return isName ? `${name}<${only}>` : group([name, "<", itemsBetween(args, "", ""), ">"]);
}

/** `name: First | Second` */
export function unionProperty(name: string, types: readonly Doc[]): Doc {
  const members = join([line, "| "], types.map(indent));
  return [name, ":", group(indent([line, whenBroken("| "), members]))];
}
