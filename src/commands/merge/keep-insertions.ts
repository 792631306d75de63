import type { MergeText } from "./merge-text.ts";
import { sortImports } from "./sort-imports.ts";

/**
 * A merge that keeps the lines of both sides, the user's first, where each side has only inserted lines: an
 * addition and the user's code know nothing of each other, so neither insertion replaces the other. A comment
 * that stood there before, such as "your own go here", is no reason for a conflict.
 */
export function keepingInsertions(merge: MergeText): MergeText {
  return async (texts, labels) => {
    const marked = await merge(texts, labels);
    const start = `<<<<<<< ${labels.ours}`;
    const end = `>>>>>>> ${labels.theirs}`;
    const kept: string[] = [];
    let conflict: string[] = [];
    for (const line of marked.split(/(?<=\n)/)) {
      const marker = line.trimEnd();
      if (marker === start) conflict = [line];
      else if (conflict.length === 0) kept.push(line);
      else {
        conflict.push(line);
        if (marker !== end) continue;
        kept.push(...(insertions(conflict, labels.base) ?? conflict));
        conflict = [];
      }
    }
    return [...kept, ...conflict].join("");
  };
}

/** The lines of both sides of a conflict; undefined if there was code before. */
function insertions(conflict: readonly string[], base: string): string[] | undefined {
  const start = conflict.findIndex((line) => line.trimEnd() === `||||||| ${base}`);
  const end = conflict.findIndex((line, index) => index > start && line.trimEnd() === "=======");
  if (start < 0 || end < 0) return undefined;
  const before = conflict.slice(start + 1, end);
  if (!before.every((line) => line.trimStart().startsWith("//"))) return undefined;
  const theirs = conflict.slice(end + 1, -1);
  // A comment stays if neither side removed it.
  const ours = conflict
    .slice(1, start)
    .filter((line) => !before.includes(line) || theirs.includes(line));
  return [...sortImports([...ours, ...theirs.filter((line) => !before.includes(line))])];
}
