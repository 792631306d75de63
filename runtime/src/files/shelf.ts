import { lstat, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { GrpcError } from "../error.ts";
import type { FileLimits } from "./config.ts";
import { codeOf, diskFailure, unlessMissing } from "./disk-failure.ts";
import { createFile, makeFolder, moveFolder, namesIn, openFile } from "./durable.ts";
import type { FolderTurns } from "./folder-turns.ts";
import { dataFile, isKey, isUploadId, keyOf, type Layout } from "./layout.ts";
import { exhausted, type Quota } from "./quota.ts";
import { type FileRecord, readRecord, writeRecord } from "./record.ts";
import { type StoredFile, toFile } from "./stored-file.ts";

/** What the files and the uploads of a store share. */
export interface Shelf {
  readonly layout: Layout;
  readonly limits: FileLimits;
  readonly quota: Quota;
  readonly clock: () => Date;
  /** Of the folders of owners: nobody counts what is in one while another call adds to it. */
  readonly turns: FolderTurns;
}

/** A finished file. Undefined if its owner has none of this key. */
export async function findFile(
  { layout }: Shelf,
  owner: string,
  key: string,
): Promise<FileRecord | undefined> {
  const record = await readRecord(layout.file(owner, key));
  return record?.owner === owner ? record : undefined;
}

/** @throws GrpcError ALREADY_EXISTS, and RESOURCE_EXHAUSTED when the owner has as many files as it may have */
export async function requireRoom(shelf: Shelf, owner: string, name: string): Promise<void> {
  const { layout, limits } = shelf;
  if ((await findFile(shelf, owner, keyOf(name))) !== undefined) throw taken(name);
  const names = await namesIn(layout.filesOf(owner), isKey);
  if (names.length >= limits.maxFilesPerOwner) {
    throw exhausted("files", "a caller", limits.maxFilesPerOwner);
  }
}

/** @throws GrpcError RESOURCE_EXHAUSTED when the owner has as many unfinished uploads as it may have */
export async function requireUploadRoom({ layout, limits }: Shelf, owner: string): Promise<void> {
  const ids = await namesIn(layout.uploadsOf(owner), isUploadId);
  if (ids.length >= limits.maxUploadsPerOwner) {
    throw exhausted("unfinished uploads", "a caller", limits.maxUploadsPerOwner);
  }
}

/**
 * Does `work` with a new folder that has an empty file for bytes, where nobody looks for files yet. `work`
 * moves it to where it belongs. If that fails, nothing is left.
 *
 * @throws GrpcError RESOURCE_EXHAUSTED when the disk is full. What `work` throws.
 */
export async function inNewFolder<T>(
  shelf: Shelf,
  owner: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = shelf.layout.unused();
  try {
    await mkdir(folder, { mode: 0o700 });
    await (await createFile(join(folder, dataFile))).close();
    return await work(folder);
  } catch (error) {
    // What cannot be removed now is at the next start.
    await discard(shelf, keyOf(owner), folder).catch(() => {});
    throw diskFailure(error);
  }
}

/**
 * Makes a folder a file of its owner. Its bytes must be on the disk. The rename is the moment at which the
 * file exists: one of several calls with the same name wins.
 *
 * @throws GrpcError ALREADY_EXISTS, and RESOURCE_EXHAUSTED when the owner has as many files as it may have
 */
export async function publish(
  shelf: Shelf,
  folder: string,
  record: FileRecord,
): Promise<StoredFile> {
  const { layout, turns } = shelf;
  const { owner, name } = record;
  await writeRecord(folder, record);
  await turns.run(layout.filesOf(owner), async () => {
    await requireRoom(shelf, owner, name);
    await makeFolder(layout.filesOf(owner));
    try {
      await moveFolder(folder, layout.file(owner, keyOf(name)));
    } catch (error) {
      if (/^(?:EEXIST|ENOTEMPTY|EPERM)$/.test(codeOf(error) ?? "")) throw taken(name);
      throw error;
    }
  });
  return toFile(record);
}

/** Removes a file or upload: for callers at once, from the disk a little later. False if it was not there. */
export async function discard(
  { layout, quota }: Shelf,
  ownerKey: string,
  folder: string,
): Promise<boolean> {
  const away = layout.unused();
  const moved = await unlessMissing(moveFolder(folder, away).then(() => true));
  if (moved !== true) return false;
  // Not before: another call may have published a file here meanwhile.
  const bytes = await unlessMissing(lstat(join(away, dataFile)).then(({ size }) => size));
  await rm(away, { recursive: true, force: true });
  quota.shareOf(ownerKey).giveBack(bytes ?? 0);
  return true;
}

/** Bytes of a file or an upload. @throws Error with the code ENOENT */
export async function sizeOf(folder: string): Promise<number> {
  const handle = await openFile(join(folder, dataFile), "read");
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

function taken(name: string): GrpcError {
  return new GrpcError("ALREADY_EXISTS", `there is a file with the name ${JSON.stringify(name)}`);
}
