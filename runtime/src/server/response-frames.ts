import { frameInPlace, framesInPlace, prefixBytes, writePrefix } from "../codec/frame.ts";

/**
 * A message behind its prefix.
 *
 * @param pooled whether it may share memory with others, and keep that alive
 */
export function framed(message: Buffer, pooled: boolean, isCompressed: boolean = false): Buffer {
  const inPlace = pooled && !isCompressed ? frameInPlace(message) : undefined;
  if (inPlace !== undefined) return inPlace;
  const frame = allocate(prefixBytes + message.length, pooled);
  frame.set(message, prefixBytes);
  return withPrefix(frame, message.length, isCompressed);
}

/**
 * Messages behind their prefixes, none of them compressed.
 *
 * @param size of all of them
 * @param pooled as for `framed`
 */
export function framedAll(messages: readonly Buffer[], size: number, pooled: boolean): Buffer {
  const inPlace = pooled ? framesInPlace(messages, size) : undefined;
  if (inPlace !== undefined) return inPlace;
  const frames = allocate(size, pooled);
  let at = 0;
  for (const message of messages) {
    const { length } = message;
    writePrefix(frames, at, length);
    frames.set(message, at + prefixBytes);
    at += prefixBytes + length;
  }
  return frames;
}

/** Writes the prefix of a message of `length` bytes to the start of `frame`, which it returns. */
export function withPrefix(frame: Buffer, length: number, isCompressed: boolean): Buffer {
  writePrefix(frame, 0, length);
  if (isCompressed) frame[0] = 1;
  return frame;
}

function allocate(size: number, pooled: boolean): Buffer {
  return pooled ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size);
}
