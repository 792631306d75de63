import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf, unlessMissing } from "./disk-failure.ts";
import { type LifeSign, lifeOf, parseHolder, showLife } from "./lock-holder.ts";

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
 * Locks a folder, which two processes at a time would damage: of one machine, of several containers, and of
 * several machines that share it. A lock of a process that has ended does not count, unless it ended on another
 * machine: that cannot be known, so its lock stays until somebody removes it.
 *
 * @param path of the lock
 * @param what is locked, for the error
 * @throws Error in one line that names the process that has it
 */
export async function lockFolder(path: string, what: string): Promise<FolderLock> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const result = held.has(path) ? inUseBy(process.pid) : await take(path);
    if (typeof result !== "string") {
      return {
        async release() {
          await rm(path, { force: true });
          await result.end();
          held.delete(path);
        },
      };
    }
    if (performance.now() > until) throw new Error(`${what} ${result}`);
    await delay(pauseMs);
  }
}

/** Takes the lock. @returns why it cannot be taken, or the sign for others that this process has it */
async function take(path: string): Promise<LifeSign | string> {
  // Before anything is awaited: another call of this process would take the lock for one that was left.
  held.add(path);
  let sign: LifeSign | undefined;
  try {
    while (sign === undefined) {
      const found = await readLock(path);
      const obstacle = found && (await obstacleOf(path, found));
      if (obstacle !== undefined) return obstacle;
      if (found !== undefined) await removeLeft(path, found.text);
      sign = await create(path);
    }
    return sign;
  } finally {
    if (sign === undefined) held.delete(path);
  }
}

/** Why a lock counts. Undefined: it was left. */
async function obstacleOf(path: string, found: Found): Promise<string | undefined> {
  const holder = parseHolder(found.text);
  const { pid, host } = holder;
  const place = host === hostname() ? "" : ` of the host ${host}`;
  const life = found.isBeingWritten ? "lives" : await lifeOf(path, holder);
  if (life === "lives") return inUseBy(pid, place);
  if (life === "ended") return undefined;
  return `may be in use by the process ${pid}${place}: if that one has ended, remove ${path}`;
}

function inUseBy(pid: number, place = ""): string {
  return `is in use by the process ${pid}${place}`;
}

/** Undefined: somebody else has just made one. */
async function create(path: string): Promise<LifeSign | undefined> {
  // First: who reads the lock asks for it.
  const sign = await showLife(path);
  try {
    await writeFile(path, sign.text, { flag: "wx", mode: 0o600 });
    return sign;
  } catch (error) {
    await sign.end();
    if (codeOf(error) === "EEXIST") return undefined;
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
  const { socket } = parseHolder(text);
  if (socket !== "") await rm(`${path}.${socket}`, { force: true });
}
