import type { Sources } from "../sources.ts";

/**
 * Replaces full names and paths in texts: titles of tests, lists of methods, documents. In code, what is
 * not in a string or comment stays.
 */
export function renameTexts(sources: Sources, texts: ReadonlyMap<string, string>): void {
  for (const [path, text] of sources.texts) {
    let changed = text;
    for (const [from, to] of texts) {
      const isName = !from.includes("/");
      // A full name in code would be a property of a variable.
      const after = isName && !path.endsWith(".md") ? "(?=[/\"'`]|[ .,:)]*$| [a-z])" : "(?![\\w])";
      const pattern = from.endsWith("/") ? escaped(from) : `${escaped(from)}${after}`;
      changed = changed.replace(new RegExp(`(?<![\\w.])${pattern}`, "gm"), () => to);
    }
    if (changed !== text) sources.set(path, changed);
  }
}

function escaped(text: string): string {
  return text.replace(/[.$/]/g, "\\$&");
}
