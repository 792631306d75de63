import { createHash } from "node:crypto";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { GrpcError } from "../error.ts";
import { requireValid } from "../error-details.ts";
import type { FilesConfig } from "./config.ts";
import { unlessMissing } from "./disk-failure.ts";
import { namesIn, openFile, requireWritable } from "./durable.ts";
import { checkFileName, normalName } from "./file-name.ts";
import { type ByteRange, readRange, within } from "./file-reader.ts";
import { FileWriter } from "./file-writer.ts";
import { FolderTurns } from "./folder-turns.ts";
import { dataFile, isKey, isUploadId, keyOf, Layout } from "./layout.ts";
import { Quota } from "./quota.ts";
import {
  discard,
  findFile,
  inNewFolder,
  publish,
  requireRoom,
  type Shelf,
  sizeOf,
} from "./shelf.ts";
import { type StoredFile, toFile } from "./stored-file.ts";
import { Uploads } from "./uploads.ts";

/** Options of a `FileStore`. */
export interface FileStoreOptions extends FilesConfig {
  /** The current time. */
  readonly clock?: () => Date;
}

/** A page of files. */
export interface FilePage {
  readonly files: readonly StoredFile[];
  /** Where the next page starts. Undefined on the last page. */
  readonly next: string | undefined;
}

/**
 * Files in a folder, of one server. Each has an owner and a name, and owners see their own only. A file is
 * written once: it exists in full, on the disk, or not at all.
 *
 * Errors are `GrpcError`s that callers may see, except for faults of the disk. Neither files nor uploads
 * are ever in memory as a whole.
 */
export class FileStore {
  /** Uploads that can be continued. */
  readonly uploads: Uploads;
  readonly #folder: string | undefined;
  readonly #shelf: Shelf;

  constructor(options: FileStoreOptions) {
    this.#folder = options.folder;
    this.#shelf = {
      layout: new Layout(),
      limits: options,
      quota: new Quota(options),
      clock: options.clock ?? (() => new Date()),
      turns: new FolderTurns(),
    };
    this.uploads = new Uploads(this.#shelf);
  }

  /** Bytes of all files and unfinished uploads. */
  get usedBytes(): number {
    return this.#shelf.quota.used;
  }

  /** To be called before all others. Removes what a server left half-written when it ended. */
  async open(): Promise<void> {
    const { layout, quota } = this.#shelf;
    await layout.open(this.#folder);
    for (const part of [layout.files, layout.uploads]) {
      const isName = part === layout.files ? isKey : isUploadId;
      for (const owner of await namesIn(part, isKey)) {
        for (const name of await namesIn(join(part, owner), isName)) {
          quota.add(owner, (await unlessMissing(sizeOf(join(part, owner, name)))) ?? 0);
        }
      }
    }
  }

  /**
   * Rejects while the folder cannot be written. Once it was opened, the folder must be there; before, as for
   * the command `doctor`, it can also be one that `open` will make.
   */
  async check(): Promise<void> {
    const { layout } = this.#shelf;
    if (layout.isOpen) await access(layout.temporary, constants.R_OK | constants.W_OK);
    else if (this.#folder !== undefined) await requireWritable(this.#folder);
  }

  /** Removes a temporary folder. To be called after the last call has ended. */
  async close(): Promise<void> {
    await this.#shelf.layout.close();
  }

  /**
   * Writes a file from chunks as they come. If anything fails, nothing is left.
   *
   * @param signal the file is not made if it has aborted by then
   * @throws GrpcError INVALID_ARGUMENT for the name, ALREADY_EXISTS, RESOURCE_EXHAUSTED beyond a limit and
   *   when the disk is full. What `chunks` throws.
   */
  async put(
    owner: string,
    name: string,
    chunks: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<StoredFile> {
    const file = checkFileName(name);
    // `publish` does it again, when the bytes are there: this saves writing them.
    await requireRoom(this.#shelf, owner, file);
    return await inNewFolder(this.#shelf, owner, async (folder) => {
      const written = await this.#write(owner, join(folder, dataFile), chunks);
      signal?.throwIfAborted();
      const createdAt = this.#shelf.clock().toISOString();
      return await publish(this.#shelf, folder, { owner, name: file, createdAt, ...written });
    });
  }

  /** A file. @throws GrpcError NOT_FOUND */
  async find(owner: string, name: string): Promise<StoredFile> {
    const record = await findFile(this.#shelf, owner, keyOfName(name));
    if (record === undefined) throw noSuchFile(name);
    return toFile(record);
  }

  /**
   * Reads a file, or a part of it, as fast as chunks are taken.
   *
   * @param sha256 refuses a file with other bytes, for a part that has to fit to another one
   * @throws GrpcError NOT_FOUND, OUT_OF_RANGE, FAILED_PRECONDITION for another SHA-256, DATA_LOSS
   */
  async *read(
    owner: string,
    name: string,
    range: ByteRange & { readonly sha256?: string | undefined } = {},
  ): AsyncGenerator<Buffer, void> {
    const { sha256 } = await this.find(owner, name);
    const path = join(this.#shelf.layout.file(owner, keyOfName(name)), dataFile);
    const handle = await unlessMissing(openFile(path, "read"));
    if (handle === undefined) throw noSuchFile(name);
    try {
      // Once more: the file may have been replaced before it was open.
      const file = await this.find(owner, name);
      if (file.sha256 !== (range.sha256?.toLowerCase() ?? sha256)) {
        throw new GrpcError("FAILED_PRECONDITION", "the file has other bytes now");
      }
      yield* readRange(handle, within(file.size, range));
    } finally {
      await handle.close();
    }
  }

  /**
   * A page of the files of an owner, in an order that stays the same.
   *
   * @param after `next` of the page before. Default: the first page.
   * @throws GrpcError INVALID_ARGUMENT for an `after` that is not one
   */
  async list(
    owner: string,
    page: { limit: number; after?: string | undefined },
  ): Promise<FilePage> {
    const { after = "", limit } = page;
    requireValid({ page_token: after === "" || isKey(after) || "is not from an earlier page" });
    const names = await namesIn(this.#shelf.layout.filesOf(owner), isKey);
    const keys = names.filter((name) => name > after);
    const shown = keys.slice(0, limit);
    const files: StoredFile[] = [];
    for (const key of shown) {
      const record = await findFile(this.#shelf, owner, key);
      if (record !== undefined) files.push(toFile(record));
    }
    return { files, next: keys.length > limit ? shown.at(-1) : undefined };
  }

  /** Removes a file. Calls that read it read on. @throws GrpcError NOT_FOUND */
  async delete(owner: string, name: string): Promise<void> {
    const folder = this.#shelf.layout.file(owner, keyOfName(name));
    if (!(await discard(this.#shelf, keyOf(owner), folder))) throw noSuchFile(name);
  }

  async #write(
    owner: string,
    path: string,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<{ size: number; sha256: string }> {
    const { limits } = this.#shelf;
    const quota = this.#shelf.quota.shareOf(keyOf(owner));
    const hash = createHash("sha256");
    const handle = await openFile(path, "write");
    try {
      const { maxFileBytes: maxBytes } = limits;
      const writer = new FileWriter({ handle, size: 0, maxBytes, quota, hash });
      for await (const chunk of chunks) await writer.write(chunk);
      await writer.sync();
      return { size: writer.size, sha256: hash.digest("hex") };
    } finally {
      await handle.close();
    }
  }
}

function noSuchFile(name: string): GrpcError {
  return new GrpcError("NOT_FOUND", `there is no file with the name ${JSON.stringify(name)}`);
}

/** Any text is a name here: what no file may have, no file has. */
function keyOfName(name: string): string {
  return keyOf(normalName(name));
}
