import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { GrpcError } from "../error.ts";
import { requireValid } from "../error-details.ts";
import { readRange } from "./file-reader.ts";
import type { FileRecord } from "./record.ts";

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

/** @throws GrpcError FAILED_PRECONDITION when bytes are missing, INVALID_ARGUMENT for another SHA-256 */
export function requireComplete(
  { size }: FileRecord,
  digest: Digest,
  expected: string | undefined,
): void {
  if (size !== undefined && size !== digest.bytes) {
    const text = `the upload has ${digest.bytes} of ${size} bytes`;
    throw new GrpcError("FAILED_PRECONDITION", text);
  }
  const fits = expected === undefined || expected.toLowerCase() === digest.sha256;
  requireValid({ sha256: fits || `the bytes have ${digest.sha256}` });
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
