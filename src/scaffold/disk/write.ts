import { constants } from "node:fs";
import {
  chmod,
  copyFile,
  mkdir,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  describeSystemError,
  errorCode,
  InterruptedError,
  UsageError,
} from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import type { Changes } from "./changes.ts";
import { forgetOwner, lock } from "./lock.ts";
import type { Target } from "./target.ts";

/**
 * Makes all changes or none. Everything is first written into a staging folder next to the target, or in
 * it if it exists, then moved into place. After an error or Ctrl-C, what was done is undone. The staging
 * folder is also the lock between two runs.
 *
 * @throws UsageError when a file cannot be written, InterruptedError after Ctrl-C.
 */
export async function writeChanges(
  target: Target,
  changes: Changes,
  signal: AbortSignal,
): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    await (target.kind === "new"
      ? writeNew(target, changes, signal, undo)
      : writeInto(target, changes, signal, undo));
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    const reason = describeSystemError(error);
    if (reason === undefined) throw error;
    throw new UsageError(`cannot write ${printable(target.shown)}: ${reason}`);
  }
}

type Undo = (() => Promise<unknown>)[];

async function writeNew(target: Target, changes: Changes, signal: AbortSignal, undo: Undo) {
  await makeFolder(dirname(target.path), undo);
  const stage = join(dirname(target.path), `.${basename(target.path)}.create-grpc-service`);
  await lock(stage, target);
  undo.push(() => rm(stage, { recursive: true, force: true }));
  await stageFiles(stage, changes.create, signal);
  await forgetOwner(stage);
  try {
    await rename(stage, target.path);
  } catch (error) {
    if (!["EEXIST", "ENOTEMPTY", "EPERM", "ENOTDIR"].includes(errorCode(error) ?? "")) throw error;
    throw new UsageError(
      `${printable(target.shown)} was created by another program in the meantime`,
    );
  }
}

async function writeInto(target: Target, changes: Changes, signal: AbortSignal, undo: Undo) {
  const stage = join(target.path, ".create-grpc-service");
  const incoming = join(stage, "new");
  const outgoing = join(stage, "old");
  await lock(stage, target);
  try {
    await stageFiles(incoming, new Map([...changes.create, ...changes.update]), signal);
    for (const path of changes.update.keys()) {
      throwIfInterrupted(signal);
      await replace(join(target.path, path), join(incoming, path), join(outgoing, path), undo);
    }
    for (const path of changes.create.keys()) {
      throwIfInterrupted(signal);
      const file = join(target.path, path);
      await makeFolder(dirname(file), undo);
      await copyFile(join(incoming, path), file, constants.COPYFILE_EXCL);
      undo.push(() => unlink(file));
    }
    for (const path of changes.remove) {
      throwIfInterrupted(signal);
      await mkdir(dirname(join(outgoing, path)), { recursive: true });
      await move(join(target.path, path), join(outgoing, path), undo);
    }
  } catch (error) {
    for (const step of undo.splice(0).reverse()) await step().catch(() => undefined);
    throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Settles when no write is under way any more: one that goes on would meet the clean-up. */
async function stageFiles(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(folder, path))));
  for (const path of folders) await mkdir(path, { recursive: true });
  const writes = await Promise.allSettled(
    [...files].map(async ([path, content]) => {
      throwIfInterrupted(signal);
      await writeFile(join(folder, path), content);
    }),
  );
  const failed = writes.find((write) => write.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** At no moment is there no file: a killed run leaves the old one or the new one. */
async function replace(file: string, by: string, kept: string, undo: Undo): Promise<void> {
  await mkdir(dirname(kept), { recursive: true });
  await copyFile(file, kept);
  await chmod(by, (await stat(file)).mode);
  await rename(by, file);
  undo.push(() => rename(kept, file));
}

async function move(from: string, to: string, undo: Undo): Promise<void> {
  await rename(from, to);
  undo.push(() => rename(to, from));
}

/** Creates a folder and those above it. The undo step removes them again. */
async function makeFolder(folder: string, undo: Undo): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  undo.push(async () => {
    for (let current = folder; current.length >= first.length; current = dirname(current)) {
      await rmdir(current);
    }
  });
}

function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError();
}
