import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Time for a server that is being restarted to let go of its folder, in milliseconds. */
const patienceMs = 5_000;
const pauseMs = 100;

/** Keeps other processes away from a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder of the embedded database, which two processes at a time would damage. A lock of a process
 * that has ended does not count.
 *
 * @throws Error in one line that names the process that has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = `${folder}.lock`;
  const until = performance.now() + patienceMs;
  for (;;) {
    if (await create(path)) return { release: () => rm(path, { force: true }) };
    const holder = Number(await readFile(path, "utf8").catch(() => ""));
    if (!isRunning(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (performance.now() > until) {
      throw new Error(`the embedded database in ${folder} is in use by the process ${holder}`);
    }
    await delay(pauseMs);
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
