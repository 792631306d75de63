import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describeSystemError, errorCode, UsageError } from "../../../terminal/errors.ts";
import { printable } from "../../../terminal/printable.ts";

/** Limit of a search: beyond it, the folder is probably not a project but a home folder. */
export const maxFiles = 20_000;

/**
 * The .proto files of a folder that a service is built from, sorted. Links to folders are not followed.
 * Left out: hidden files, which are locks and backups of editors, hidden folders, packages, protos of
 * others (`vendor`, `third_party`, `google/protobuf`), test data and projects that this program created.
 * Imports find them.
 */
export async function protoFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [folder];
  for (const current of pending) {
    const entries = await entriesOf(current);
    if (current !== folder && entries.some(({ name }) => name === ".create-grpc-service.json")) {
      continue;
    }
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!isOthers(path)) pending.push(path);
      } else if (isProto(entry.name) && (await isFile(path, entry))) files.push(path);
    }
    if (pending.length > maxFiles) {
      throw new UsageError(`${printable(folder)} has more than ${maxFiles} folders below it`);
    }
  }
  return files.sort();
}

/**
 * Every .proto file below a folder that may be imported, sorted. Folders that cannot be read are skipped.
 * Empty if the folder is too large to search.
 */
export async function importableFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [folder];
  for (const current of pending) {
    const entries = await readdir(current, { withFileTypes: true }).catch((): Dirent[] => []);
    for (const entry of entries) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      if (entry.isDirectory()) pending.push(join(current, entry.name));
      else if (isProto(entry.name)) files.push(join(current, entry.name));
    }
    if (pending.length > maxFiles || files.length > maxFiles) return [];
  }
  return files.sort();
}

const othersFolders = ["node_modules", "third_party", "vendor", "testdata"];

function isOthers(folder: string): boolean {
  const name = basename(folder);
  return name.startsWith(".") || othersFolders.includes(name) || isOfProtobuf(folder);
}

/** Protobuf's own files: built into every compiler, or its tests, some of which are published in part. */
function isOfProtobuf(folder: string): boolean {
  return basename(folder) === "protobuf" && basename(dirname(folder)) === "google";
}

function isProto(name: string): boolean {
  return name.endsWith(".proto") && !name.startsWith(".");
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** False for devices, pipes, and links that lead nowhere. */
async function isFile(path: string, entry: Dirent): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (entry.isSymbolicLink() && ["ENOENT", "ELOOP"].includes(errorCode(error) ?? ""))
      return false;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UsageError {
  if (path.includes("\uFFFD") && errorCode(error) === "ENOENT") {
    return new UsageError(`cannot read ${printable(path)}: its name is not UTF-8; rename it`);
  }
  const reason = describeSystemError(error);
  if (reason === undefined) throw error;
  return new UsageError(`cannot read ${printable(path)}: ${reason}`);
}
