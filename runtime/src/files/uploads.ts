import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { GrpcError } from "../error.ts";
import { requireValid } from "../error-details.ts";
import { abandonedUploads } from "./abandoned-uploads.ts";
import { Digests, requireComplete } from "./digests.ts";
import { diskFailure, unlessMissing } from "./disk-failure.ts";
import { makeFolder, moveFolder, openFile } from "./durable.ts";
import { checkFileName } from "./file-name.ts";
import { FileWriter } from "./file-writer.ts";
import { dataFile, fileOfUpload, keyOf, newUploadId } from "./layout.ts";
import { exhausted } from "./quota.ts";
import { type FileRecord, readRecord, uploadRecord, writeRecord } from "./record.ts";
import {
  discard,
  findFile,
  inNewFolder,
  publish,
  requireRoom,
  requireUploadRoom,
  type Shelf,
} from "./shelf.ts";
import { type FinishCheck, type StoredFile, type StoredUpload, toFile } from "./stored-file.ts";
import { type Turn, UploadTurns, until } from "./upload-turns.ts";

/**
 * Uploads that can be continued: after a lost connection, and after a restart of the server. An owner sees
 * its own only: the uploads of others are NOT_FOUND.
 *
 * The file of an upload grows as bytes arrive. `committed` counts those that are safe on the disk.
 */
export class Uploads {
  readonly #shelf: Shelf;
  readonly #turns = new UploadTurns();
  readonly #digests = new Digests();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /**
   * @param givenSize bytes of the file to be, if they are known
   * @throws GrpcError INVALID_ARGUMENT for the name, ALREADY_EXISTS, RESOURCE_EXHAUSTED
   */
  async start(owner: string, name: string, givenSize?: number): Promise<StoredUpload> {
    const { layout, limits, quota, clock, turns } = this.#shelf;
    const file = checkFileName(name);
    const size = givenSize ?? 0;
    requireValid({ size: size >= 0 || `must be at least 0, not ${size}` });
    if (size > limits.maxFileBytes) throw exhausted("bytes", "a file", limits.maxFileBytes);
    quota.shareOf(keyOf(owner)).requireRoom(size);
    await requireRoom(this.#shelf, owner, file);
    const id = newUploadId(file);
    const record = { owner, name: file, createdAt: clock().toISOString() };
    await inNewFolder(this.#shelf, owner, async (folder) => {
      await writeRecord(folder, givenSize === undefined ? record : { ...record, size });
      await turns.run(layout.uploadsOf(owner), async () => {
        await requireUploadRoom(this.#shelf, owner);
        await makeFolder(layout.uploadsOf(owner));
        await moveFolder(folder, layout.upload(owner, id));
      });
    });
    return await this.find(owner, id);
  }

  /** Brings to the disk what an upload has, and says how much that is. @throws GrpcError NOT_FOUND */
  async find(owner: string, id: string): Promise<StoredUpload> {
    const record = await this.#recordOf(owner, id);
    const handle = await this.#open(owner, id);
    try {
      await handle.datasync();
      const { size: committed, mtimeMs } = await handle.stat();
      const expiresAt = new Date(mtimeMs + this.#shelf.limits.uploadTtlMs);
      return { id, name: record.name, committed, size: record.size, expiresAt };
    } catch (error) {
      throw diskFailure(error);
    } finally {
      await handle.close();
    }
  }

  /**
   * Writes chunks from `offset` on, as they come. What the upload had beyond it is dropped. Also when this
   * fails, the bytes that came before are kept. Another call for the upload ends this one with ABORTED.
   *
   * @throws GrpcError NOT_FOUND, OUT_OF_RANGE for an offset beyond the committed bytes, RESOURCE_EXHAUSTED
   *   beyond a limit or the size given at the start, and when the disk is full. What `chunks` throws.
   */
  async append(
    owner: string,
    id: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<StoredUpload> {
    await this.#inTurn(owner, id, async (record, { signal }) => {
      const handle = await this.#open(owner, id);
      try {
        await this.#cut(handle, offset, owner);
        await this.#write(id, record, { handle, offset, chunks: until(chunks, signal) });
      } finally {
        await handle.close();
      }
    });
    return await this.find(owner, id);
  }

  /**
   * Makes the upload a file. Repeating it returns the same file.
   *
   * A file of which parts were sent in several calls is read once more, which takes its time.
   *
   * @param sha256 what the owner takes for the SHA-256 of the file, in hex
   * @param signal the file is not made if it has aborted by then
   * @throws GrpcError NOT_FOUND, ALREADY_EXISTS, RESOURCE_EXHAUSTED, FAILED_PRECONDITION when bytes are
   *   missing, INVALID_ARGUMENT for another SHA-256. The upload stays as it is.
   */
  async finish(owner: string, id: string, check: FinishCheck = {}): Promise<StoredFile> {
    const done = await this.#finished(owner, id);
    if (done !== undefined) return done;
    return await this.#finish(owner, id, check).catch(async (error: unknown) => {
      // Another call may have finished it while this one waited for it.
      const file = await this.#finished(owner, id);
      if (file !== undefined) return file;
      throw error;
    });
  }

  async #finish(owner: string, id: string, { sha256, signal }: FinishCheck): Promise<StoredFile> {
    return await this.#inTurn(owner, id, async (record) => {
      const digest = await this.#digests.of(id, () => this.#open(owner, id));
      requireComplete(record, digest, sha256);
      signal?.throwIfAborted();
      const { layout, clock } = this.#shelf;
      const folder = layout.upload(owner, id);
      const createdAt = clock().toISOString();
      const { bytes: size, sha256: sum } = digest;
      const file = { owner, name: record.name, createdAt, size, sha256: sum, upload: id };
      const stored = await publish(this.#shelf, folder, file).catch(async (error: unknown) => {
        await unlessMissing(writeRecord(folder, record));
        throw error;
      });
      this.#digests.forget(id);
      return stored;
    });
  }

  /** Removes an upload. @throws GrpcError NOT_FOUND */
  async cancel(owner: string, id: string): Promise<void> {
    const folder = this.#shelf.layout.upload(owner, id);
    await this.#inTurn(owner, id, () => this.#remove(keyOf(owner), folder, id));
  }

  /** Removes the uploads that have had no byte for too long. Returns their number. */
  async removeAbandoned(): Promise<number> {
    let removed = 0;
    for await (const { ownerKey, folder, id } of abandonedUploads(this.#shelf)) {
      if (this.#turns.isTaken(id)) continue;
      const turn = await this.#turns.take(id);
      await this.#remove(ownerKey, folder, id).finally(turn.end);
      removed += 1;
    }
    return removed;
  }

  async #remove(ownerKey: string, folder: string, id: string): Promise<void> {
    await discard(this.#shelf, ownerKey, folder);
    this.#digests.forget(id);
  }

  /** Runs `work` while no other call does anything to the upload. */
  async #inTurn<T>(
    owner: string,
    id: string,
    work: (record: FileRecord, turn: Turn) => Promise<T>,
  ): Promise<T> {
    // Before it waits for others: only the owner may interrupt them.
    await this.#recordOf(owner, id);
    const turn = await this.#turns.take(id);
    try {
      return await work(await this.#recordOf(owner, id), turn);
    } catch (error) {
      throw diskFailure(error);
    } finally {
      turn.end();
    }
  }

  async #recordOf(owner: string, id: string): Promise<FileRecord> {
    const isId = fileOfUpload(id) !== undefined;
    const record = isId ? await readRecord(this.#shelf.layout.upload(owner, id)) : undefined;
    if (record?.owner !== owner) throw noSuchUpload();
    return uploadRecord(record);
  }

  async #open(owner: string, id: string): Promise<FileHandle> {
    const path = join(this.#shelf.layout.upload(owner, id), dataFile);
    const handle = await unlessMissing(openFile(path, "write"));
    if (handle === undefined) throw noSuchUpload();
    return handle;
  }

  async #cut(handle: FileHandle, offset: number, owner: string): Promise<void> {
    const { size } = await handle.stat();
    if (offset < 0 || offset > size) {
      throw new GrpcError(
        "OUT_OF_RANGE",
        `offset: ${offset} is not in the committed bytes, 0 to ${size}`,
      );
    }
    if (offset === size) return;
    await handle.truncate(offset);
    this.#shelf.quota.shareOf(keyOf(owner)).giveBack(size - offset);
  }

  async #write(
    id: string,
    record: FileRecord,
    from: { handle: FileHandle; offset: number; chunks: AsyncIterable<Uint8Array> },
  ): Promise<void> {
    const { handle, offset, chunks } = from;
    const { limits } = this.#shelf;
    const quota = this.#shelf.quota.shareOf(keyOf(record.owner));
    const maxBytes = Math.min(limits.maxFileBytes, record.size ?? limits.maxFileBytes);
    const hash = offset === 0 ? createHash("sha256") : undefined;
    const writer = new FileWriter({ handle, size: offset, maxBytes, quota, hash });
    this.#digests.forget(id);
    try {
      for await (const chunk of chunks) await writer.write(chunk);
    } finally {
      await writer.sync();
    }
    if (hash !== undefined) {
      this.#digests.remember(id, { bytes: writer.size, sha256: hash.digest("hex") });
    }
  }

  /** The file that an upload has become. */
  async #finished(owner: string, id: string): Promise<StoredFile | undefined> {
    const key = fileOfUpload(id);
    const record = key === undefined ? undefined : await findFile(this.#shelf, owner, key);
    return record?.upload === id ? toFile(record) : undefined;
  }
}

function noSuchUpload(): GrpcError {
  return new GrpcError("NOT_FOUND", "there is no such upload");
}
