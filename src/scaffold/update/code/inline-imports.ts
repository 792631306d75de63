import { closingToken, enclosingToken, type Token, unquoted } from "./tokens.ts";

/** A module that a file imports in the middle of its code: `import("...")` as a type or as a value. */
export interface InlineImport {
  readonly path: string;
  readonly pathToken: Token;
  /** What is taken of it at that place. */
  readonly names: readonly InlineName[];
}

/** A name of the module. */
export interface InlineName {
  readonly token: Token;
  /** Whether it is the name of a variable too: `const { name } = await import("...")`. */
  readonly shorthand: boolean;
}

/** Reads `import("...").Name`, `(await import("...")).name`, `{ name } = await import("...")` and `.then(({ name }) =>`. */
export function inlineImports(tokens: readonly Token[]): InlineImport[] {
  return tokens.flatMap((token, index) => {
    const pathToken = tokens[index + 2];
    const isImport = token.text === "import" && tokens[index + 1]?.text === "(";
    if (!isImport || pathToken?.kind !== "string") return [];
    return [{ path: unquoted(pathToken), pathToken, names: namesOf(tokens, index) }];
  });
}

function namesOf(tokens: readonly Token[], start: number): InlineName[] {
  const text = (index: number) => tokens[index]?.text ?? "";
  const close = closingToken(tokens, start + 1);
  const isAwaited = text(start - 1) === "await";
  const isInBrackets = isAwaited && text(start - 2) === "(" && text(close + 1) === ")";
  const dot = isInBrackets ? close + 2 : close + 1;
  if (isAwaited && text(start - 2) === "=" && text(start - 3) === "}") {
    return namesInPattern(tokens, enclosingToken(tokens, start - 3));
  }
  if (text(dot) !== ".") return [];
  const member = tokens[dot + 1];
  if (member?.kind !== "name") return [];
  if (isAwaited === isInBrackets && member.text !== "then") {
    return [{ token: member, shorthand: false }];
  }
  const pattern = [dot + 3, dot + 4, dot + 5].find((index) => text(index) === "{");
  const isThen = member.text === "then" && text(dot + 2) === "(";
  return isThen && pattern !== undefined ? namesInPattern(tokens, pattern) : [];
}

/** The names that a pattern takes: `a` and `b` of `{ a, b: c }`. */
function namesInPattern(tokens: readonly Token[], open: number): InlineName[] {
  const close = closingToken(tokens, open);
  return tokens.flatMap((token, index) => {
    const isKey = token.kind === "name" && ["{", ","].includes(tokens[index - 1]?.text ?? "");
    if (!isKey || index < open || index > close) return [];
    if (enclosingToken(tokens, index) !== open) return [];
    return [{ token, shorthand: tokens[index + 1]?.text !== ":" }];
  });
}
