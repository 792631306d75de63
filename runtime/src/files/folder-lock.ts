import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Time for a server that is being restarted to let go of its folder, in milliseconds. */
const patienceMs = 5_000;
const pauseMs = 100;

/** Keeps other processes away from a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Locks that this process has. */
const held = new Set<string>();

/**
 * Locks a folder, which two processes at a time would damage. A lock of a process that has ended does not
 * count, even if this one has its id: in a container, the server is always process 1.
 *
 * @param path of the lock
 * @param what is locked, for the error
 * @throws Error in one line that names the process that has it
 */
export async function lockFolder(path: string, what: string): Promise<FolderLock> {
  const until = performance.now() + patienceMs;
  for (;;) {
    if (await create(path)) {
      held.add(path);
      return {
        async release() {
          held.delete(path);
          await rm(path, { force: true });
        },
      };
    }
    const holder = Number(await readFile(path, "utf8").catch(() => ""));
    const isMine = holder === process.pid;
    if (isMine ? !held.has(path) : !isRunning(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (performance.now() > until) {
      throw new Error(`${what} is in use by the process ${holder}`);
    }
    await delay(pauseMs);
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}`, { flag: "wx", mode: 0o600 });
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
