import { join } from "node:path";
import { readIfPresent } from "../../scaffold/disk/plan.ts";
import { type ProjectRecord, parseRecord, recordFile } from "../../scaffold/new/record.ts";
import { UsageError } from "../../terminal/errors.ts";

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
  if (record !== undefined) return record;
  throw new UsageError(
    `${recordFile} must have a version and the answers name, starter, additions and packageManager; restore it from git`,
  );
}
