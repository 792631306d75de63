/** Package and imports of a .proto file. */
export interface ProtoHeader {
  readonly package: string;
  readonly imports: readonly string[];
}

/**
 * Reads the package and the imports of a .proto file without compiling it, to find the imported files. In
 * an invalid file it reads as much as possible; the compiler reports the errors.
 */
export function readProtoHeader(text: string): ProtoHeader {
  const imports: string[] = [];
  let packageName = "";
  let statement: string[] = [];
  let depth = 0;
  for (const [token] of text.matchAll(tokens)) {
    if (token.startsWith("//") || token.startsWith("/*")) continue;
    if (token === "{") depth++;
    if (token === "}") depth--;
    if (token !== ";" && token !== "{" && token !== "}") {
      if (depth === 0) statement.push(token);
      continue;
    }
    if (depth === 0 && token === ";") {
      const [keyword, ...rest] = statement;
      if (keyword === "package") packageName = rest.join("");
      if (keyword === "import") imports.push(...importedPath(rest));
    }
    statement = [];
  }
  return { package: packageName, imports };
}

/** The quoted path after `import`, `import public`, `import weak` or `import option`. */
function importedPath(words: readonly string[]): string[] {
  const literal = words.find((word) => /^["']/.test(word));
  return literal === undefined ? [] : [literal.slice(1, -1)];
}

const tokens =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w.]+|[^\s\w]/g;
