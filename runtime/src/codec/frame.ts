import { bufferPart } from "./buffer-part.ts";

/** The prefix of a message in gRPC: one byte that says whether it is compressed, four bytes of length. */
export const prefixBytes = 5;

/** Memory that encoded messages share: nothing in it is written twice. */
let sharedMemory: ArrayBufferLike | undefined;

/** Notes the memory that messages are encoded to from now on. */
export function share(memory: ArrayBufferLike): void {
  sharedMemory = memory;
}

/** Writes the prefix of an uncompressed message of `length` bytes. */
export function writePrefix(bytes: Buffer, pos: number, length: number): void {
  bytes[pos] = 0;
  bytes[pos + 1] = length >>> 24;
  bytes[pos + 2] = length >>> 16;
  bytes[pos + 3] = length >>> 8;
  bytes[pos + 4] = length;
}

/**
 * An uncompressed message behind its prefix, without a copy: codecs write the prefix in front of what they
 * encode. Undefined for other bytes.
 */
export function frameInPlace(message: Buffer): Buffer | undefined {
  const { buffer: memory, byteOffset, length } = message;
  const start = byteOffset - prefixBytes;
  // Either memory of many messages, or of this one.
  if (start < 0 || (memory !== sharedMemory && (start > 0 || length === 0))) return undefined;
  const frame = bufferPart(memory, start, prefixBytes + length);
  return frame[0] === 0 && frame.readUInt32BE(1) === length ? frame : undefined;
}
