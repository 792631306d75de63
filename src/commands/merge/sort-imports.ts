interface Statement {
  readonly path: string;
  readonly lines: readonly string[];
}

/**
 * Sorts lines of import statements as the linter of new projects wants them: modules of Node.js, packages,
 * files, each by their paths. Returns the same lines if there is anything else among them.
 */
export function sortImports(lines: readonly string[]): readonly string[] {
  const statements = importStatements(lines);
  if (statements === undefined) return lines;
  return statements
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .flatMap((statement) => statement.lines);
}

function importStatements(lines: readonly string[]): Statement[] | undefined {
  const statements: Statement[] = [];
  let open: string[] = [];
  for (const line of lines) {
    if (open.length === 0 && !/^import\b/.test(line)) return undefined;
    open.push(line);
    const [, , path] = /(?:^import|\bfrom)\s+(["'])(.+)\1;?\s*$/.exec(line) ?? [];
    if (path === undefined) continue;
    statements.push({ path, lines: open });
    open = [];
  }
  return open.length === 0 ? statements : undefined;
}

function rankOf({ path }: Statement): number {
  if (path.startsWith("node:")) return 0;
  return path.startsWith(".") ? 2 : 1;
}
