import { type Goal, goalTable, isMet, type Section } from "./goals.ts";

/** Parts of a benchmark by their names on the command line. */
export type Parts<Part> = Readonly<Record<string, Part>>;

/** The parts that `--only` names, in the order of the table. @throws Error for an unknown name */
export function chosenParts<Part>(parts: Parts<Part>, only: readonly string[]): Part[] {
  const unknown = only.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) throw new Error(`--only takes ${Object.keys(parts).join(", ")}`);
  return Object.entries(parts).flatMap(([name, part]) => (only.includes(name) ? [part] : []));
}

/** Measures and prints one part after the other, then the goals. Returns 1 for a missed goal. */
export async function printSections(
  parts: readonly (() => Promise<Section | readonly Section[]>)[],
): Promise<number> {
  const goals: Goal[] = [];
  for (const measure of parts) {
    for (const { title, table, goals: own } of [await measure()].flat()) {
      console.log(`\n${title}\n\n${table}`);
      goals.push(...own);
    }
  }
  console.log(`\nGoals\n\n${goalTable(goals)}`);
  return goals.every(isMet) ? 0 : 1;
}
