import type { FileRecord } from "./record.ts";

/** A file of a store. */
export interface StoredFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
  readonly createdAt: Date;
}

/** An upload that can be continued. */
export interface StoredUpload {
  readonly id: string;
  /** Of the file to be. */
  readonly name: string;
  /** Bytes that are safe on the disk: where to continue. */
  readonly committed: number;
  /** Bytes of the file to be, if its owner has said so. */
  readonly size: number | undefined;
  /** When it will be removed, unless it gets more bytes before. */
  readonly expiresAt: Date;
}

/** @throws Error for a record that is not of a finished file */
export function toFile({ name, size, sha256, createdAt }: FileRecord): StoredFile {
  if (size === undefined || sha256 === undefined)
    throw new Error("the record of a file is incomplete");
  return { name, size, sha256, createdAt: new Date(createdAt) };
}

/** What has to be so when an upload becomes a file. */
export interface FinishCheck {
  readonly sha256?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}
