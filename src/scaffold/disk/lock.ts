import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { filesBelow } from "./plan.ts";
import { isRunning } from "./running-process.ts";
import type { Target } from "./target.ts";

/**
 * Creates the staging folder, which only one of two runs can do. In a project, runs have its lock: the folder
 * is then from a run that was killed, and is removed if nothing of the project is in it.
 *
 * @throws UsageError that says which run has it, since when, and what to do
 */
export async function lock(stage: string, { kind, shown }: Target): Promise<void> {
  try {
    await mkdir(stage);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    if (kind !== "ours" || (await filesBelow(join(stage, "old"))).length > 0) {
      throw new UsageError(await heldText(stage, printable(shown)));
    }
    await rm(stage, { recursive: true });
    await mkdir(stage);
  }
  try {
    await writeFile(join(stage, ownerFile), `${process.pid}\n`);
  } catch (error) {
    await rm(stage, { recursive: true, force: true });
    throw error;
  }
}

/** Takes what is not part of a project out of its staging folder. */
export async function forgetOwner(stage: string): Promise<void> {
  await rm(join(stage, ownerFile));
}

const ownerFile = "owner";

async function heldText(stage: string, shown: string): Promise<string> {
  const began = await stat(stage).then(
    ({ birthtime }) => ` since ${birthtime.toISOString().slice(0, 19).replace("T", " ")} UTC`,
    () => "",
  );
  const owner = Number(await readFile(join(stage, ownerFile), "utf8").catch(() => ""));
  const remedy = `remove ${printable(stage)}, whose folder old has what was replaced or removed, and run again`;
  if (!(owner > 0)) return `another run is writing ${shown}${began}; if it was killed, ${remedy}`;
  const name = `process ${owner}`;
  if (isRunning(owner)) {
    return `another run (${name}) is writing ${shown}${began}; wait until it ends, then run again`;
  }
  return `a run (${name}) was killed while it was writing ${shown}${began.replace("since", "at")}; ${remedy}`;
}
