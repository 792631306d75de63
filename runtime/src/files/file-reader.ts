import type { FileHandle } from "node:fs/promises";
import { GrpcError } from "../error.ts";

/** Bytes of a chunk: a quarter of what a call may have unsent, so that its reader never waits for the disk. */
export const readBytes: number = 64 * 1024;

/** A part of a file. */
export interface ByteRange {
  /** Where it starts. Default: 0. */
  readonly offset?: number | undefined;
  /** Its bytes; less if the file ends before. Default: up to the end. */
  readonly length?: number | undefined;
}

/** Start and end of a range in a file. @throws GrpcError OUT_OF_RANGE */
export function within(size: number, { offset = 0, length = size }: ByteRange): [number, number] {
  if (offset < 0 || length < 0) {
    throw new GrpcError("OUT_OF_RANGE", "offset and length must be 0 or more");
  }
  if (offset > size) {
    throw new GrpcError("OUT_OF_RANGE", `offset ${offset} is past the end, at ${size}`);
  }
  return [offset, Math.min(size, offset + length)];
}

/**
 * Reads a part of a file when asked for it. Each chunk has memory of its own, as a caller that reads slowly
 * keeps it for a while.
 *
 * @throws GrpcError DATA_LOSS when the file is shorter than it was
 */
export async function* readRange(
  handle: FileHandle,
  [start, end]: readonly [number, number],
): AsyncGenerator<Buffer, void> {
  for (let at = start; at < end; ) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(readBytes, end - at));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw new GrpcError("DATA_LOSS", "the file is damaged: bytes are missing");
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
