import { printImport, sortByPath } from "../emit/imports.ts";
import { lineEnding, maskText } from "./source-text.ts";

/** A name that a file imports. */
export interface ImportedName {
  readonly name: string;
  readonly local: string;
  readonly path: string;
}

interface ImportStatement {
  readonly keyword: "import" | "import type";
  readonly path: string;
  /** Local name -> what stands between the braces for it; undefined when there is more than braces. */
  readonly names: ReadonlyMap<string, string> | undefined;
  readonly start: number;
  readonly end: number;
}

/** Every name that a file imports by `import { ... } from`. */
export function importedNames(text: string): ImportedName[] {
  return importStatements(text).flatMap(({ names, path }) =>
    [...(names ?? [])].map(([local, item]) => ({
      name: item.replace(/^type\s+/, "").replace(/\s+as\s.*$/, ""),
      local,
      path,
    })),
  );
}

/** Adds import statements: to one of the same module, else where a formatter would have them. */
export function insertImports(text: string, statements: readonly string[]): string {
  return statements.flatMap(importStatements).reduce(insertImport, text);
}

function insertImport(text: string, added: ImportStatement): string {
  const { keyword, path, names } = added;
  const present = importStatements(text);
  const eol = lineEnding(text);
  const print = (all: ReadonlyMap<string, string>) =>
    printImport(keyword, path, all).replaceAll("\n", eol);
  const same = present.find(
    (other) => other.path === path && other.keyword === keyword && other.names !== undefined,
  );
  if (same !== undefined) {
    const merged = new Map([...(same.names ?? []), ...(names ?? [])]);
    return text.slice(0, same.start) + print(merged) + text.slice(same.end);
  }
  const statement = print(names ?? new Map());
  const sorted = sortByPath([...present, added]);
  const next = sorted[sorted.indexOf(added) + 1];
  if (next !== undefined)
    return `${text.slice(0, next.start)}${statement}${eol}${text.slice(next.start)}`;
  const at = present.at(-1)?.end;
  if (at === undefined) return `${statement}${eol}${eol}${text}`;
  return `${text.slice(0, at)}${eol}${statement}${text.slice(at)}`;
}

function importStatements(text: string): ImportStatement[] {
  const masked = maskText(text);
  return [...text.matchAll(/^import\s[^;'"]*["']([^"'\n]+)["'];?/gm)]
    .filter(({ index }) => masked.startsWith("import", index))
    .map((match) => ({
      keyword: /^import\s+type\s/.test(match[0]) ? "import type" : "import",
      path: match[1] ?? "",
      names: namesIn(match[0]),
      start: match.index,
      end: match.index + match[0].length,
    }));
}

function namesIn(statement: string): Map<string, string> | undefined {
  const items = /^import\s+(?:type\s+)?\{([^}]*)\}\s*from/.exec(statement)?.[1];
  if (items === undefined) return undefined;
  const names = new Map<string, string>();
  for (const item of items.split(",").map((text) => text.trim().replace(/\s+/g, " "))) {
    const local = /^(?:type )?(?:[\w$]+ as )?([\w$]+)$/.exec(item)?.[1];
    if (local !== undefined) names.set(local, item);
    // A comment between the names: better not to touch them.
    else if (item !== "") return undefined;
  }
  return names;
}
