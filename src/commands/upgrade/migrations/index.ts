import compare from "semver/functions/compare.js";
import { UsageError } from "../../../terminal/errors.ts";
import type { Migration } from "./migration.ts";

/**
 * Every migration, by number. Each is a file `0001-<what>.ts` of this folder. No release has renamed an API
 * yet, so there is none.
 */
export const migrations: readonly Migration[] = [];

/**
 * The migrations between two versions.
 *
 * @param skipped values of `--skip`
 * @throws UsageError for a number that is not one of them
 */
export function selectMigrations(
  all: readonly Migration[],
  { from, to }: { readonly from: string; readonly to: string },
  skipped: readonly string[],
): readonly Migration[] {
  const between = all.filter(
    ({ version }) => compare(version, from) > 0 && compare(version, to) <= 0,
  );
  const numbers = between.map(({ number }) => String(number));
  const unknown = skipped.find((number) => !numbers.includes(number));
  if (unknown !== undefined) {
    const known =
      numbers.length === 0
        ? `there is none from ${from} to ${to}`
        : `from ${from} to ${to} there are ${numbers.join(", ")}`;
    throw new UsageError(`--skip ${unknown} is not the number of a migration; ${known}`);
  }
  return between.filter(({ number }) => !skipped.includes(String(number)));
}

/** Applies migrations to a file, in order. Only sources are changed. */
export function migrateWith(selected: readonly Migration[]) {
  return (path: string, text: string): string =>
    /\.[cm]?[jt]sx?$/.test(path)
      ? selected.reduce((changed, migration) => migration.change(changed), text)
      : text;
}
