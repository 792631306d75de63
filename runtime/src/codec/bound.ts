import type { MessageLike } from "./message-like.ts";

// Upper bounds of encoded sizes in bytes. They are cheap, not exact.

/** From this length on, the exact size is cheaper than memory for the longest UTF-8. */
const long = 1024;

/** A text, without tag and length. Undefined: 0. */
export function text(value: string | null | undefined): number {
  if (value == null) return 0;
  const { length } = value;
  return length < long ? length * 3 : counted(Buffer.byteLength(value));
}

/** The same for bytes. */
export function binary(value: Uint8Array | null | undefined): number {
  if (value == null) return 0;
  const { length } = value;
  return length < long ? length : counted(length);
}

/** Bytes of long contents, whose size is exact, in the bounds since it was set to 0. */
export const exact: { bytes: number } = { bytes: 0 };

function counted(size: number): number {
  exact.bytes += size;
  return size;
}

/** Unknown fields of a message. */
export function rest({ $unknown }: MessageLike): number {
  let size = 0;
  // A tag takes at most 5 bytes.
  for (const { data } of $unknown ?? []) size += 5 + data.length;
  return size;
}
