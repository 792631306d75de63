import { tokenize } from "../code/tokens.ts";
import type { Sources } from "../sources.ts";

/**
 * Replaces full names and paths in texts: titles of tests, lists of methods, comments, documents. Code of
 * the same looks, such as a property of a variable, stays.
 */
export function renameTexts(sources: Sources, texts: ReadonlyMap<string, string>): void {
  for (const [path, text] of sources.texts) {
    let changed = text;
    for (const [from, to] of texts) {
      if (!changed.includes(from)) continue;
      const code = path.endsWith(".md") ? new Set<number>() : namePositions(changed);
      const end = from.endsWith("/") ? "" : "(?![\\w])";
      const pattern = new RegExp(`(?<![\\w.])${escaped(from)}${end}`, "g");
      changed = changed.replace(pattern, (match, position: number) =>
        code.has(position) ? match : to,
      );
    }
    if (changed !== text) sources.set(path, changed);
  }
}

function namePositions(text: string): ReadonlySet<number> {
  const names = tokenize(text).filter(({ kind }) => kind === "name");
  return new Set(names.map(({ start }) => start));
}

function escaped(text: string): string {
  return text.replace(/[.$/]/g, "\\$&");
}
