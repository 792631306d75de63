import type { ImportedName } from "../../../print/import-statement.ts";
import { closingToken, type Token, tokenize, unquoted } from "./tokens.ts";

/** An import statement, or an export statement with `from`, in a file. */
export interface ModuleReference {
  readonly kind: "import" | "export";
  readonly path: string;
  readonly typeOnly: boolean;
  /** The names in braces. `default` is a name like any other. */
  readonly names: readonly ImportedName[];
  /** `* as gen`: "gen"; `export *`: "*". */
  readonly namespace: string | undefined;
  /** Whether it has nothing but names in braces, so that it can be printed anew. */
  readonly onlyNames: boolean;
  /** The string with the path. */
  readonly pathToken: Token;
  readonly start: number;
  readonly end: number;
}

/** Reads the imports of a file, and what it exports of other files. */
export function moduleReferences(text: string, tokens = tokenize(text)): ModuleReference[] {
  const references: ModuleReference[] = [];
  let depth = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.text === "{" || token?.text === "(") depth++;
    else if (token?.text === "}" || token?.text === ")") depth--;
    else if (depth === 0 && token?.kind === "name") {
      if (token.text !== "import" && token.text !== "export") continue;
      if (tokens[index - 1]?.text === ".") continue;
      const reference = readReference(text, tokens, index, token.text);
      if (reference !== undefined) references.push(reference);
    }
  }
  return references;
}

function readReference(
  text: string,
  tokens: readonly Token[],
  first: number,
  kind: "import" | "export",
): ModuleReference | undefined {
  const path = pathAfter(tokens, first);
  const start = tokens[first];
  if (path === undefined || start === undefined) return undefined;
  const clause = tokens.slice(first + 1, path.index);
  const typeOnly = clause[0]?.text === "type" && clause[1]?.text !== "from";
  const open = clause.findIndex((token) => token.text === "{");
  const names = open < 0 ? [] : namesIn(clause.slice(open + 1, closingToken(clause, open)));
  const star = clause.findIndex((token) => token.text === "*");
  const after = tokens[path.index + 1];
  return {
    kind,
    path: unquoted(path.token),
    typeOnly,
    names: typeOnly ? names.map((name) => ({ ...name, typeOnly })) : names,
    namespace:
      star < 0 ? undefined : clause[star + 1]?.text === "as" ? clause[star + 2]?.text : "*",
    onlyNames:
      open === (typeOnly ? 1 : 0) &&
      clause.at(-2)?.text === "}" &&
      !/\/[/*]/.test(text.slice(start.start, path.token.start)),
    pathToken: path.token,
    start: start.start,
    end: after?.text === ";" ? after.end : path.token.end,
  };
}

/** The string after `from`, or after `import`. Undefined for other statements. */
function pathAfter(tokens: readonly Token[], first: number) {
  const bare = tokens[first + 1];
  if (bare?.kind === "string") return { token: bare, index: first + 1 };
  for (let index = first + 1; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind === "string") {
      return tokens[index - 1]?.text === "from" ? { token, index } : undefined;
    }
    if (token === undefined || !(token.kind === "name" || "{},*".includes(token.text))) return;
    if (index > first + 1 && statementWords.has(token.text)) return;
  }
  return undefined;
}

/** `export const`, `export function` and so on: no path follows. */
const statementWords: ReadonlySet<string> = new Set(["import", "export", "const", "function"]);

function namesIn(tokens: readonly Token[]): ImportedName[] {
  const names: ImportedName[] = [];
  let item: string[] = [];
  for (const { text } of [...tokens, { text: "," }]) {
    if (text !== ",") {
      item.push(text);
      continue;
    }
    const typeOnly = item.length > 1 && item[0] === "type" && item[1] !== "as";
    const [name, , local = name] = typeOnly ? item.slice(1) : item;
    if (name !== undefined && local !== undefined) names.push({ name, local, typeOnly });
    item = [];
  }
  return names;
}
