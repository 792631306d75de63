import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { filesBelow, readIfPresent } from "../disk/plan.ts";
import { git } from "../git.ts";
import { parseRecord, recordFile } from "../new/record.ts";

/** Where a project lies in a repository. */
export interface Place {
  /** Top of the repository. */
  readonly top: string;
  /** Folder of the project below it, with `/` at its end. Empty: the top itself. */
  readonly prefix: string;
}

/** A folder of a commit that had a project, which is gone. */
interface Candidate {
  readonly prefix: string;
  readonly isSame: boolean;
}

/**
 * Finds where the project was in a commit that has none at its place: a folder that has no project now, and had
 * one with the same record or the same name. Without a record, one with a proto of the same path.
 *
 * @returns undefined if the commit had no other project that is gone
 * @throws UsageError when one that is gone may have been this project
 */
export async function formerPrefix(
  root: string,
  { top, prefix }: Place,
  commit: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const listed = await git(top, ["ls-tree", "-r", "-z", "--name-only", commit], signal);
  const paths = new Set((listed ?? "").split("\0"));
  const record = (await readIfPresent(join(root, recordFile)))?.toString("utf8");
  const protos = await filesBelow(join(root, "proto"));
  const candidates: Candidate[] = [];
  for (const path of paths) {
    if (path !== marker && !path.endsWith(`/${marker}`)) continue;
    const former = path.slice(0, -marker.length);
    if (former === prefix || existsSync(join(top, path))) continue;
    if (paths.has(former + recordFile)) {
      const text = await git(top, ["show", `${commit}:${former}${recordFile}`], signal);
      candidates.push({ prefix: former, isSame: isSameProject(text, record) });
    } else if (protos.some((proto) => paths.has(`${former}proto/${proto}`))) {
      candidates.push({ prefix: former, isSame: true });
    }
  }
  const same = candidates.filter(({ isSame }) => isSame);
  const [only, another] = same;
  if (only !== undefined && another === undefined) return only.prefix;
  if (candidates.length === 0) return undefined;
  const folders = (another === undefined ? candidates : same).map(
    ({ prefix }) => prefix.slice(0, -1) || ".",
  );
  throw new UsageError(
    `the protos cannot be compared: there was no project here then, and it is unknown whether it was at ${folders.map(printable).join(" or ")}; give the commit with its folder, as in --against main:${printable(folders[0] ?? "")}`,
  );
}

/** A file that every project has, also one without a record. */
const marker = "buf.gen.yaml";

function isSameProject(one: string | undefined, other: string | undefined): boolean {
  const name = (text = "") => parseRecord(text)?.answers.name;
  return one === other || (name(one) !== undefined && name(one) === name(other));
}
