import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, readdir, realpath, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, unlessMissing } from "./disk-failure.ts";

/** Only the server's user may read what callers have sent. */
const folderMode = 0o700;
const fileMode = 0o600;

/** Windows opens no folders, and has no symbolic links without special rights. */
const isWindows = process.platform === "win32";
const noFollow = isWindows ? 0 : constants.O_NOFOLLOW;

/** Makes the names in a folder survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  if (isWindows) return;
  const handle = await open(path, constants.O_RDONLY | noFollow);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder that is not there, and its name last. @throws Error if it is a symbolic link. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: folderMode });
  await refuseLink(path);
  if (first !== undefined) await syncFolder(dirname(path));
}

/** @throws Error unless a folder can be written or, if it is missing, can be made */
export async function requireWritable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    await requireWritable(dirname(path));
  }
}

/** Makes a file for writing. @throws Error if there is anything at the path */
export async function createFile(path: string): Promise<FileHandle> {
  return await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, fileMode);
}

/**
 * Opens a file of the store.
 *
 * @throws Error with the code ENOENT when it is missing, and one without a code when somebody has put a
 * symbolic link into the folder: it could lead anywhere.
 */
export async function openFile(path: string, access: "read" | "write"): Promise<FileHandle> {
  await refuseLink(path);
  const flags = access === "read" ? constants.O_RDONLY : constants.O_RDWR;
  return await open(path, flags | noFollow);
}

async function refuseLink(path: string): Promise<void> {
  if ((await realpath(path)) !== path) throw new Error(`${path} is a symbolic link`);
}

/** Writes a small file as a whole, for good: whoever reads it sees the old text or the new one. */
export async function writeText(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  const handle = await open(
    next,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
    fileMode,
  );
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, path);
  await syncFolder(dirname(path));
}

/**
 * Moves a folder with all that is in it: after a crash, it is at one place or the other.
 *
 * @throws Error with the code EEXIST or ENOTEMPTY (EPERM on Windows) when there is a folder already
 */
export async function moveFolder(from: string, to: string): Promise<void> {
  await rename(from, to);
  await Promise.all([syncFolder(dirname(from)), syncFolder(dirname(to))]);
}

/** The names of ours in a folder, sorted: file browsers leave files of their own. None if it is not there. */
export async function namesIn(
  folder: string,
  isOurs: (name: string) => boolean,
): Promise<string[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  return names.filter(isOurs).sort();
}
