import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf, unlessMissing } from "./disk-failure.ts";

/** Time for a server that is being restarted to let go of its folder, in milliseconds. */
const patienceMs = 5_000;
const pauseMs = 100;

/** Keeps other processes away from a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

/** A lock that still has no process in it is being written, for this time in milliseconds. */
const writingMs = 1_000;

/** Locks that this process has, or is about to have. */
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
    const holder = held.has(path) ? process.pid : await take(path);
    if (holder === undefined) {
      return {
        async release() {
          await rm(path, { force: true });
          held.delete(path);
        },
      };
    }
    if (performance.now() > until) {
      throw new Error(`${what} is in use by the process ${holder}`);
    }
    await delay(pauseMs);
  }
}

/** Takes the lock. @returns the process that has it; undefined: this one */
async function take(path: string): Promise<number | undefined> {
  // Before anything is awaited: another call of this process would take the lock for one that was left.
  held.add(path);
  let isTaken = false;
  try {
    while (!isTaken) {
      isTaken = await create(path);
      const found = isTaken ? undefined : await readLock(path);
      if (found === undefined) continue;
      const holder = Number(found.text);
      const isLiving = holder !== process.pid && isRunning(holder);
      if (isLiving || found.isBeingWritten) return holder;
      await removeLeft(path, found.text);
    }
    return undefined;
  } finally {
    if (!isTaken) held.delete(path);
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** A lock that is there. */
interface Found {
  readonly text: string;
  readonly isBeingWritten: boolean;
}

async function readLock(path: string): Promise<Found | undefined> {
  const text = await unlessMissing(readFile(path, "utf8"));
  const file = await unlessMissing(stat(path));
  if (text === undefined || file === undefined) return undefined;
  return { text, isBeingWritten: text === "" && Date.now() - file.mtimeMs < writingMs };
}

/** Removes the lock of a process that has ended, and not that of another one which has just removed it. */
async function removeLeft(path: string, text: string): Promise<void> {
  const left = `${path}.${randomUUID()}`;
  if ((await unlessMissing(rename(path, left).then(() => true))) !== true) return;
  if ((await readFile(left, "utf8")) !== text) await link(left, path).catch(() => {});
  await rm(left, { force: true });
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
