import { join } from "node:path";
import { packageRoot } from "../../package-root.ts";
import { readIfPresent } from "../../scaffold/disk/plan.ts";
import { type ProjectRecord, parseRecord, recordFile } from "../../scaffold/new/record.ts";
import { type Catalog, readCatalog } from "../../scaffold/templates/manifests.ts";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/**
 * Reads how a project was made.
 *
 * @throws UsageError when the record is missing or incomplete
 */
export async function readRecord(root: string): Promise<ProjectRecord> {
  const content = await readIfPresent(join(root, recordFile));
  if (content === undefined) {
    throw new UsageError(
      `${recordFile} is missing: it says which version and answers made this project; restore it from git`,
    );
  }
  const record = parseRecord(content.toString("utf8"));
  if (record !== undefined) {
    checkKnown(record, readCatalog(packageRoot()));
    return record;
  }
  throw new UsageError(
    `${recordFile} must have a version and the answers name, starter, additions and packageManager; restore it from git`,
  );
}

/** @throws UsageError for a starter or an addition that this version does not have */
function checkKnown({ answers, version }: ProjectRecord, { starters, additions }: Catalog): void {
  const check = (key: string, name: string, known: readonly { readonly name: string }[]) => {
    if (known.some((each) => each.name === name)) return;
    const names = known.map((each) => each.name).join(", ");
    throw new UsageError(
      `${recordFile}: ${key} "${printable(name)}" is unknown (known: ${names}); it was written by version ${version}: restore it from git, or use that version`,
    );
  };
  if (answers.starter !== "") check("answers.starter", answers.starter, starters);
  for (const name of answers.additions) check("answers.additions", name, additions);
}
