import type { MergeText } from "./merge-text.ts";
import { sortImports } from "./sort-imports.ts";

/**
 * A merge that keeps the lines of both sides, the user's first, where each side has only inserted lines: an
 * addition and the user's code know nothing of each other, so neither insertion replaces the other. A comment
 * that stood there before, such as "your own go here", is no reason for a conflict. Lines that the user
 * inserted beside lines that the addition replaces stay beside those that replace them.
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

/** The lines of both sides of a conflict; undefined if the user changed code that was there before. */
function insertions(conflict: readonly string[], base: string): string[] | undefined {
  const start = conflict.findIndex((line) => line.trimEnd() === `||||||| ${base}`);
  const end = conflict.findIndex((line, index) => index > start && line.trimEnd() === "=======");
  if (start < 0 || end < 0) return undefined;
  const before = conflict.slice(start + 1, end);
  const ours = conflict.slice(1, start);
  const theirs = conflict.slice(end + 1, -1);
  if (!before.every((line) => line.trimStart().startsWith("//"))) {
    const merged = replaced(ours, before, theirs);
    return merged && [...sortImports(merged)];
  }
  // A comment stays if neither side removed it.
  const kept = ours.filter((line) => !before.includes(line) || theirs.includes(line));
  return [...sortImports([...kept, ...theirs.filter((line) => !before.includes(line))])];
}

/** Lines with others in the place of a part of them; undefined if that part is not there, or twice. */
function replaced(
  lines: readonly string[],
  part: readonly string[],
  others: readonly string[],
): string[] | undefined {
  const starts = lines.flatMap((_, start) =>
    part.every((line, index) => lines[start + index] === line) ? [start] : [],
  );
  const [start, another] = starts;
  if (start === undefined || another !== undefined) return undefined;
  return [...lines.slice(0, start), ...others, ...lines.slice(start + part.length)];
}
