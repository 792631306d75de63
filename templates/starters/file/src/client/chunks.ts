import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

const chunkBytes = 1024 * 1024;

/** The bytes of a local file from an offset on, 1 MiB at a time. */
export async function* fileChunks(path: string, start: number): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(path, { start, highWaterMark: chunkBytes });
}

/** Bytes in memory, 1 MiB at a time. */
export function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** SHA-256 in hex. */
export async function sha256Of(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}
