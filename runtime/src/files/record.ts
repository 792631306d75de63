import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unlessMissing } from "./disk-failure.ts";
import { openFile, writeText } from "./durable.ts";
import { recordFile } from "./layout.ts";

/** What a store knows of a file or an upload beside its bytes. */
export interface FileRecord {
  readonly owner: string;
  readonly name: string;
  /** ISO 8601: of a file when it was finished, of an upload when it was started. */
  readonly createdAt: string;
  /** Of an upload: the bytes that it will have, if they are known. Of a file: its bytes. */
  readonly size?: number;
  /** Of a file, in hex. */
  readonly sha256?: string;
  /** Of a file: the upload that has made it. */
  readonly upload?: string;
}

/** Writes the record of a folder, for good. */
export async function writeRecord(folder: string, record: FileRecord): Promise<void> {
  await writeText(join(folder, recordFile), `${JSON.stringify(record)}\n`);
}

/** The record in a folder. Undefined without a record. @throws Error if this store has not written it */
export async function readRecord(folder: string): Promise<FileRecord | undefined> {
  const path = join(folder, recordFile);
  const handle = await unlessMissing(openFile(path, "read"));
  if (handle === undefined) return undefined;
  try {
    return parseRecord(path, await readFile(handle, "utf8"));
  } finally {
    await handle.close();
  }
}

/**
 * What was known of an upload at its start, if it was to become a file when the server ended: the size of that
 * file binds nobody.
 */
export function uploadRecord(record: FileRecord): FileRecord {
  const { owner, name, createdAt, sha256 } = record;
  return sha256 === undefined ? record : { owner, name, createdAt };
}

function parseRecord(path: string, text: string): FileRecord {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error(`${path} is not a record of a file`);
  return value;
}

function isRecord(value: unknown): value is FileRecord {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const required = ["owner", "name", "createdAt"].map((key) => typeof fields.get(key) === "string");
  const optional = { size: "number", sha256: "string", upload: "string" };
  const others = Object.entries(optional).map(
    ([key, type]) => !fields.has(key) || typeof fields.get(key) === type,
  );
  return [...required, ...others].every(Boolean);
}
