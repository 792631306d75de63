import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { readRange } from "./file-reader.ts";

/** The SHA-256 of a whole file. */
export interface Digest {
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/**
 * The SHA-256 of uploads. That of one whose bytes all came in one call is known. Others are read once more
 * when it is asked for, and so are all after a restart.
 */
export class Digests {
  readonly #known = new Map<string, Digest>();

  remember(id: string, digest: Digest): void {
    this.#known.set(id, digest);
  }

  /** To be called before the bytes change, and when the upload is gone. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  async of(id: string, open: () => Promise<FileHandle>): Promise<Digest> {
    const digest = this.#known.get(id) ?? (await readDigest(await open()));
    // A caller who had no time to wait for it finds it when it asks again.
    this.remember(id, digest);
    return digest;
  }
}

/** Closes the file at the end. */
async function readDigest(handle: FileHandle): Promise<Digest> {
  try {
    const { size: bytes } = await handle.stat();
    const hash = createHash("sha256");
    for await (const chunk of readRange(handle, [0, bytes])) hash.update(chunk);
    await handle.datasync();
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await handle.close();
  }
}
