import { bufferPart } from "./buffer-part.ts";

/** The prefix of a message in gRPC: one byte that says whether it is compressed, four bytes of length. */
export const prefixBytes = 5;

/** Memory that encoded messages share: nothing in it is written twice. */
let sharedMemory: ArrayBufferLike | undefined;

/** Notes the memory that messages are encoded to from now on. */
export function share(memory: ArrayBufferLike): void {
  sharedMemory = memory;
}

/** Writes the prefix of an uncompressed message. Byte by byte: `writeUInt32BE` checks its arguments. */
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
  return isPrefix(frame, 0, length) ? frame : undefined;
}

/**
 * The same for several messages that were encoded one after the other.
 *
 * @param size of all of them, with their prefixes
 */
export function framesInPlace(messages: readonly Buffer[], size: number): Buffer | undefined {
  const start = (messages[0]?.byteOffset ?? 0) - prefixBytes;
  if (start < 0 || sharedMemory === undefined) return undefined;
  let at = start;
  for (const { buffer, byteOffset, length } of messages) {
    if (buffer !== sharedMemory || byteOffset !== at + prefixBytes) return undefined;
    at += prefixBytes + length;
  }
  const frames = bufferPart(sharedMemory, start, size);
  at = 0;
  for (const { length } of messages) {
    if (!isPrefix(frames, at, length)) return undefined;
    at += prefixBytes + length;
  }
  return frames;
}

function isPrefix(bytes: Buffer, at: number, length: number): boolean {
  return (
    bytes[at] === 0 &&
    bytes[at + 1] === length >>> 24 &&
    bytes[at + 2] === ((length >>> 16) & 255) &&
    bytes[at + 3] === ((length >>> 8) & 255) &&
    bytes[at + 4] === (length & 255)
  );
}
