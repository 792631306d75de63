import { diff3Merge } from "node-diff3";
import { lineEnding } from "../../line-endings.ts";
import type { Labels, MergeText, Texts } from "./merge-text.ts";

/** Merges without git. The markers are those of `git merge-file --diff3`. */
export const mergeWithLibrary: MergeText = async ({ ours, base, theirs }, labels) => {
  const regions = diff3Merge(linesOf(ours), linesOf(base), linesOf(theirs), {
    excludeFalseConflicts: true,
  });
  return regions
    .map(({ ok, conflict }) => {
      if (conflict === undefined) return (ok ?? []).join("");
      const sides = { ours: conflict.a, base: conflict.o, theirs: conflict.b };
      return conflictText(sides, labels, lineEnding(ours));
    })
    .join("");
};

function conflictText(
  sides: Readonly<Record<keyof Texts, readonly string[]>>,
  labels: Labels,
  eol: string,
): string {
  return [
    `<<<<<<< ${labels.ours}${eol}`,
    ended(sides.ours, eol),
    `||||||| ${labels.base}${eol}`,
    ended(sides.base, eol),
    `=======${eol}`,
    ended(sides.theirs, eol),
    `>>>>>>> ${labels.theirs}${eol}`,
  ].join("");
}

/** The lines with their endings. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** The lines as one text, whose last line has an ending even if it is the last one of its file. */
function ended(lines: readonly string[], eol: string): string {
  const text = lines.join("");
  return text === "" || text.endsWith("\n") ? text : text + eol;
}
