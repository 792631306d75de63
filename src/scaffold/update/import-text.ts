import {
  compareImports,
  type ImportedName,
  type ImportStatement,
  printImport,
} from "../../print/import-statement.ts";
import { lineEnding, maskText } from "./source-text.ts";

/** A name that a file imports, with the path of its module. */
export interface NameImport extends ImportedName {
  readonly path: string;
}

/** An import statement in the text of a file. */
interface PresentImport extends Omit<ImportStatement, "names"> {
  /** Undefined if it has more than names in braces. */
  readonly names: readonly ImportedName[] | undefined;
  readonly start: number;
  readonly end: number;
}

/** Every name that a file imports by `import { ... } from`. */
export function importedNames(text: string): NameImport[] {
  return importStatements(text).flatMap(({ names = [], path }) =>
    names.map((imported) => ({ ...imported, path })),
  );
}

/** Adds import statements: merged into one of the same module, else where a formatter puts them. */
export function insertImports(text: string, statements: readonly ImportStatement[]): string {
  return statements.reduce(insertImport, text);
}

function insertImport(text: string, added: ImportStatement): string {
  const present = importStatements(text);
  const eol = lineEnding(text);
  const print = (statement: ImportStatement) => printImport(statement).replaceAll("\n", eol);
  const same = present.find(
    ({ path, typeOnly, names }) =>
      path === added.path && typeOnly === added.typeOnly && names !== undefined,
  );
  if (same !== undefined) {
    const merged = { ...added, names: together(same.names ?? [], added.names) };
    return text.slice(0, same.start) + print(merged) + text.slice(same.end);
  }
  const [next] = present.filter((other) => compareImports(other, added) > 0).sort(compareImports);
  if (next !== undefined)
    return `${text.slice(0, next.start)}${print(added)}${eol}${text.slice(next.start)}`;
  const at = present.at(-1)?.end;
  if (at === undefined) return `${print(added)}${eol}${eol}${text}`;
  return `${text.slice(0, at)}${eol}${print(added)}${text.slice(at)}`;
}

/** Both lists, without duplicates. */
function together(present: readonly ImportedName[], added: readonly ImportedName[]) {
  const locals = new Set(added.map(({ local }) => local));
  return [...present.filter(({ local }) => !locals.has(local)), ...added];
}

function importStatements(text: string): PresentImport[] {
  const masked = maskText(text);
  return [...text.matchAll(/^import\s[^;'"]*["']([^"'\n]+)["'];?/gm)]
    .filter(({ index }) => masked.startsWith("import", index))
    .map((match) => ({
      typeOnly: /^import\s+type\s/.test(match[0]),
      path: match[1] ?? "",
      names: namesIn(match[0]),
      start: match.index,
      end: match.index + match[0].length,
    }));
}

function namesIn(statement: string): ImportedName[] | undefined {
  const braces = /^import\s+(type\s+)?\{([^}]*)\}\s*from/.exec(statement);
  if (braces === null) return undefined;
  const names: ImportedName[] = [];
  for (const item of (braces[2] ?? "").split(",").map((text) => text.trim())) {
    const match = /^(type\s+)?(?:([\w$]+)\s+as\s+)?([\w$]+)$/.exec(item);
    const local = match?.[3];
    if (local !== undefined) {
      const typeOnly = (braces[1] ?? match?.[1]) !== undefined;
      names.push({ name: match?.[2] ?? local, local, typeOnly });
    }
    // A comment between the names: leave the statement alone.
    else if (item !== "") return undefined;
  }
  return names;
}
