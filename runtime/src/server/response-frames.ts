import { prefixBytes } from "../message-frames.ts";

/**
 * A message behind its prefix.
 *
 * @param pooled whether it may share memory with others, and keep that alive
 */
export function framed(message: Buffer, pooled: boolean, isCompressed: boolean = false): Buffer {
  const frame = allocate(prefixBytes + message.length, pooled);
  frame.set(message, prefixBytes);
  return withPrefix(frame, message.length, isCompressed);
}

/**
 * Messages behind their prefixes, none of them compressed.
 *
 * @param size of all of them
 */
export function framedAll(messages: readonly Buffer[], size: number, pooled: boolean): Buffer {
  const frames = allocate(size, pooled);
  let at = 0;
  for (const message of messages) {
    const { length } = message;
    writePrefix(frames, at, length, false);
    frames.set(message, at + prefixBytes);
    at += prefixBytes + length;
  }
  return frames;
}

/** Writes the prefix of a message of `length` bytes to the start of `frame`, which it returns. */
export function withPrefix(frame: Buffer, length: number, isCompressed: boolean): Buffer {
  writePrefix(frame, 0, length, isCompressed);
  return frame;
}

// Byte by byte: `writeUInt32BE` checks its arguments, which takes longer.
function writePrefix(bytes: Buffer, at: number, length: number, isCompressed: boolean): void {
  bytes[at] = isCompressed ? 1 : 0;
  bytes[at + 1] = length >>> 24;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = length >>> 8;
  bytes[at + 4] = length;
}

function allocate(size: number, pooled: boolean): Buffer {
  return pooled ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size);
}
