import { UsageError } from "../../terminal/errors.ts";
import { breakingChanges } from "./compare.ts";
import { findBase } from "./find-base.ts";

/** What breaks callers of the main branch. */
export interface BreakingSince {
  /** The branch, as the user knows it. */
  readonly base: string;
  /** A line each. */
  readonly changes: readonly string[];
}

/** The same as `breaking` prints, or undefined where there is nothing to compare with. */
export async function breakingSinceMain(
  project: string,
  signal: AbortSignal,
): Promise<BreakingSince | undefined> {
  try {
    // No variables of CI: they would make it fetch a branch.
    const base = await findBase(project, undefined, { env: {}, signal });
    const changes = await breakingChanges(project, base, signal);
    return changes && { base: base.shown, changes };
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
