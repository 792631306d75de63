import { exact } from "./bound.ts";
import { leave } from "./slow-path.ts";
import { forgetView } from "./view-of.ts";

/** Where messages are written. */
export type Bytes = Buffer;

/** Writes a message to `bytes` from `start` and returns the position after it. */
export type Write<M> = (message: M, bytes: Buffer, start: number) => number;

/** Bytes of a slab: hundreds of small messages share one. */
const slabBytes = 64 * 1024;

/** Messages with a larger bound do not share. */
const largestShared = slabBytes / 4;

/** Up to this bound, a message is written to a draft, which is used again, and copied. */
const largestDraft = 1024 * 1024;

let slab = Buffer.allocUnsafeSlow(slabBytes);
let used = 0;
let draft: Buffer | undefined;

/**
 * The bytes of a message. Small messages share memory, as with `Buffer.from`.
 *
 * @param boundOf how many bytes the message takes at most
 */
export function written<M>(boundOf: (message: M) => number, write: Write<M>, message: M): Buffer {
  exact.bytes = 0;
  const bound = boundOf(message);
  if (bound > largestShared) return drafted(bound, write, message);
  if (used + bound > slabBytes) {
    slab = Buffer.allocUnsafeSlow(slabBytes);
    used = 0;
  }
  const shared = slab;
  const start = used;
  // Reserved first: a getter of the message might encode another one.
  const reserved = start + bound;
  used = reserved;
  const end = checked(write(message, shared, start), reserved);
  if (slab === shared && used === reserved) used = end;
  return shared.subarray(start, end);
}

/** A bound may be three times too large: the bytes that are returned keep no more than they need. */
function drafted<M>(bound: number, write: Write<M>, message: M): Buffer {
  // Most of it will be used.
  const isTight = exact.bytes > bound * 0.75;
  if (isTight || bound > largestDraft) {
    const own = Buffer.allocUnsafeSlow(bound);
    try {
      return trimmed(own, checked(write(message, own, 0), bound));
    } finally {
      forgetView();
    }
  }
  const space = draft ?? Buffer.allocUnsafeSlow(largestDraft);
  // A getter of the message might encode another one.
  draft = undefined;
  try {
    return Buffer.from(space.subarray(0, checked(write(message, space, 0), bound)));
  } finally {
    draft = space;
  }
}

/** A message that changes while it is written may be larger than its bound. */
function checked(end: number, limit: number): number {
  return end > limit ? leave() : end;
}

function trimmed(buffer: Buffer, length: number): Buffer {
  const bytes = buffer.subarray(0, length);
  return length * 2 < buffer.length ? Buffer.from(bytes) : bytes;
}
