import { counted } from "../../terminal/counted.ts";
import { printable } from "../../terminal/printable.ts";
import type { MergedFile } from "./plan-merge.ts";

/** Label of the user's side in conflict markers. */
export const ownLabel = "yours";

/** Lists what a merge does to each file, and its conflicts with file and line. */
export function mergeReport(files: readonly MergedFile[]): string {
  const of = (...actions: MergedFile["action"][]) =>
    files.filter(({ action }) => actions.includes(action));
  const paths = (...actions: MergedFile["action"][]) => of(...actions).map(({ path }) => path);
  const left = of("keep", "absent").filter(({ why }) => why !== undefined);
  const conflicts = of("conflict").flatMap(({ path, lines = [] }) =>
    lines.map((line) => `${path}:${line}`),
  );
  return [
    section("Added:", paths("add")),
    section("Replaced; you had not changed them:", paths("replace")),
    section("Merged with your changes:", paths("merge")),
    section("Removed; you had not changed them:", paths("remove")),
    section(
      "Left as they are:",
      left.map(({ path, why }) => `${path}: ${why}`),
    ),
    section(
      "Notes:",
      files.flatMap(({ notes = [] }) => notes),
    ),
    section(
      `${counted(conflicts.length, "conflict")} to resolve by hand, marked with <<<<<<< ${ownLabel}:`,
      conflicts,
    ),
  ].join("");
}

/** Whether the user has to resolve something. */
export function hasConflicts(files: readonly MergedFile[]): boolean {
  return files.some(({ action }) => action === "conflict");
}

function section(title: string, entries: readonly string[]): string {
  if (entries.length === 0) return "";
  return [title, ...entries.map((entry) => `  ${printable(entry)}`)].join("\n").concat("\n");
}
