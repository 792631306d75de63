import { enclosingToken, type Token } from "../code/tokens.ts";

/** What a name is in an object: `{ key: 1, shorthand }`. */
export function roleOf(tokens: readonly Token[], index: number): "key" | "shorthand" | "name" {
  const before = tokens[index - 1]?.text ?? "";
  const after = tokens[index + 1]?.text ?? "";
  if (before !== "{" && before !== ",") return "name";
  if (after === ":") return "key";
  if (after !== "}" && after !== ",") return "name";
  const open = enclosingToken(tokens, index);
  const isClause = ["import", "export", "type"].includes(tokens[open - 1]?.text ?? "");
  return tokens[open]?.text === "{" && !isClause ? "shorthand" : "name";
}
