import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describeSystemError, errorCode, UsageError } from "../../terminal/errors.ts";
import { type Host, withEnvironment } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { isRunning } from "./running-process.ts";

/** The folder in a project that one writing run has at a time. */
export const lockName = ".create-grpc-service.lock";

/** Names the lock to the programs that its holder starts: a script of the project may run a command too. */
export const lockVariable = "GRPC_SERVICE_LOCK";

/**
 * Runs `work` while no other run writes to the project. The lock of a process that has ended is taken over.
 *
 * @param command as the user knows it, for the message of other runs
 * @throws UsageError while another run has the lock
 */
export function withProjectLock<T>(
  root: string,
  command: string,
  host: Host,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  return withLock({ root, shown: "this project", lock: lockName }, command, host, work);
}

/** The same for a folder that need not be a project. */
export function withFolderLock<T>(
  folder: string,
  shown: string,
  command: string,
  host: Host,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  return withLock({ root: folder, shown, lock: join(shown, lockName) }, command, host, work);
}

/** A folder that has a lock. */
interface Place {
  /** Absolute path. */
  readonly root: string;
  /** The folder, and the lock in it, in messages. */
  readonly shown: string;
  readonly lock: string;
}

async function withLock<T>(
  place: Place,
  command: string,
  host: Host,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  const { root } = place;
  const above = host.env[lockVariable];
  if (above !== undefined && (await holdersOf(root)).includes(above)) return work(host);
  const holder = [String(process.pid), hostname(), command, randomBytes(6).toString("hex")]
    .map(encodeURIComponent)
    .join(",");
  // Before others can see it.
  held.add(holder);
  try {
    await acquire(place, holder);
    await removeLeft(root);
    return await work(withEnvironment(host, { [lockVariable]: holder }));
  } finally {
    await release(root, holder);
    held.delete(holder);
  }
}

/** The locks of this process. After a restart of a container, another run may have had its number. */
const held = new Set<string>();

/**
 * The name of a file in the folder says who holds it. Both ways to get the lock are one `rename`, which only
 * one of several runs can do: of a folder with the file, or of the file of a process that has ended.
 */
async function acquire(place: Place, holder: string): Promise<void> {
  const { root, shown, lock } = place;
  const folder = join(root, lockName);
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await createLock(root, holder)) return;
    const [other] = await holdersOf(root);
    if (other === undefined) {
      await removeStrays(folder);
      continue;
    }
    refuseLiving(other, place);
    const taken = await rename(join(folder, other), join(folder, holder)).then(
      () => true,
      () => false,
    );
    if (taken) return;
  }
  throw new UsageError(
    printable(`other runs are writing to ${shown}; wait until they have ended, or remove ${lock}`),
  );
}

/** Removes what killed runs left that were about to get the lock, or had released it. */
async function removeLeft(root: string): Promise<void> {
  const names = (await readdir(root)).filter((name) => name.startsWith(`${lockName}-`));
  // A run that lives and is about to get it finds that this one has it.
  for (const name of names) {
    await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function createLock(root: string, holder: string): Promise<boolean> {
  let staged: string | undefined;
  try {
    staged = await mkdtemp(join(root, `${lockName}-`));
    // A lock that a killed run left must not be committed.
    await writeFile(join(staged, ignoreFile), "*\n");
    await writeFile(join(staged, holder), "");
    await rename(staged, join(root, lockName));
    return true;
  } catch (error) {
    if (staged !== undefined) await rm(staged, { recursive: true, force: true });
    const code = errorCode(error) ?? "";
    if (["EEXIST", "ENOTEMPTY", "EPERM"].includes(code)) return false;
    // The holder has removed it.
    if (staged !== undefined && code === "ENOENT") return false;
    const reason = describeSystemError(error);
    if (reason === undefined) throw error;
    throw new UsageError(`cannot write ${printable(root)}: ${reason}`);
  }
}

const ignoreFile = ".gitignore";

async function holdersOf(root: string): Promise<string[]> {
  const names = await readdir(join(root, lockName)).catch(() => []);
  return names.filter((name) => holderName.test(name));
}

const holderName = /^\d+,[\w%.!~*'()-]*,[\w%.!~*'()-]*,[\da-f]+$/;

/** Nobody holds the folder: its run was killed, or is releasing it. A file browser may have left files. */
async function removeStrays(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => !holderName.test(name))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  await rmdir(folder).catch(() => undefined);
}

/** @throws UsageError unless the process that holds the lock has ended */
function refuseLiving(holder: string, { shown, lock }: Place): void {
  const [pid = "", host = "", command = ""] = holder.split(",").map(decoded);
  const isHere = host === hostname();
  if (isHere && !holds(Number(pid), holder)) return;
  const machine = isHere ? "" : ` on ${host}`;
  throw new UsageError(
    printable(
      `${command} (process ${pid}${machine}) is writing to ${shown}; wait until it has ended. If that process is another program, remove ${lock}`,
    ),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A process may not hold a lock although it runs: its number may have been that of another one. */
function holds(pid: number, holder: string): boolean {
  return pid === process.pid ? held.has(holder) : isRunning(pid);
}

async function release(root: string, holder: string): Promise<void> {
  if (!(await holdersOf(root)).includes(holder)) return;
  const gone = join(root, `${lockName}-${randomBytes(6).toString("hex")}`);
  await rename(join(root, lockName), gone).catch(() => undefined);
  await rm(gone, { recursive: true, force: true });
}
