import type { MergeText } from "./merge-text.ts";

/**
 * A merge that keeps the lines of both sides, the user's first, where each side has only inserted lines: an
 * addition and the user's code know nothing of each other, so neither insertion replaces the other.
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

/** The lines of both sides of a conflict; undefined if there were others before. */
function insertions(conflict: readonly string[], base: string): string[] | undefined {
  const before = conflict.findIndex((line) => line.trimEnd() === `||||||| ${base}`);
  if (before < 0 || conflict[before + 1]?.trimEnd() !== "=======") return undefined;
  return [...conflict.slice(1, before), ...conflict.slice(before + 2, -1)];
}
