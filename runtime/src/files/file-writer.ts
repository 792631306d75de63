import type { Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { diskFailure } from "./disk-failure.ts";
import { exhausted, type QuotaShare } from "./quota.ts";

/**
 * Bytes after which what was written is brought to the disk, so that a long upload does not fill the
 * memory of the machine with pages that wait for the disk.
 */
const syncBytes = 32 * 1024 * 1024;

/** Options of a `FileWriter`. */
export interface FileWriterOptions {
  readonly handle: FileHandle;
  /** Bytes that the file has, all of them on the disk. */
  readonly size: number;
  readonly maxBytes: number;
  /** Of the owner of the file. */
  readonly quota: QuotaShare;
  /** Gets the bytes as they are written. */
  readonly hash?: Hash | undefined;
}

/** Appends to a file, chunk by chunk: it keeps none of them in memory. */
export class FileWriter {
  readonly #options: FileWriterOptions;
  #size: number;
  #synced: number;

  constructor(options: FileWriterOptions) {
    this.#options = options;
    this.#size = options.size;
    this.#synced = options.size;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Resolves when the operating system has the bytes.
   *
   * @throws GrpcError RESOURCE_EXHAUSTED beyond the size of a file or the quota, and when the disk is full.
   *   After an error of the disk the file has the bytes that were safe before.
   */
  async write(chunk: Uint8Array): Promise<void> {
    const { maxBytes, quota, hash } = this.#options;
    const size = this.#size + chunk.length;
    if (size > maxBytes) throw exhausted("bytes", "a file", maxBytes);
    quota.take(chunk.length);
    await this.#orRollBack(size, async () => {
      await this.#writeAll(chunk);
      hash?.update(chunk);
      if (size - this.#synced >= syncBytes) await this.#sync(size);
    });
    this.#size = size;
  }

  /** Resolves when all bytes are on the disk. @throws as `write` */
  async sync(): Promise<void> {
    await this.#orRollBack(this.#size, () => this.#sync(this.#size));
  }

  /** A write may take a part of the bytes only, for example what the disk has room for. */
  async #writeAll(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await this.#options.handle.write(
        chunk,
        at,
        chunk.length - at,
        this.#size + at,
      );
      at += bytesWritten;
    }
  }

  async #sync(size: number): Promise<void> {
    await this.#options.handle.datasync();
    this.#synced = size;
  }

  /** @param counted bytes of the file that the quota has counted */
  async #orRollBack(counted: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Whether later bytes are on the disk is not known any more, if it was it that failed.
      await this.#options.handle.truncate(this.#synced).catch(() => {});
      this.#options.quota.giveBack(counted - this.#synced);
      this.#size = this.#synced;
      throw diskFailure(error);
    }
  }
}
