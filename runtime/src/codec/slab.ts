import { bufferPart } from "./buffer-part.ts";
import { prefixBytes, share, writePrefix } from "./frame.ts";
import { full, room } from "./room.ts";
import { leave } from "./slow-path.ts";
import { forgetView } from "./view-of.ts";

/** Where messages are written. */
export type Bytes = Buffer;

/**
 * Writes a message to `bytes` from `start`, where at least `room` bytes are free, and returns the position
 * after it. Throws `full` if it does not fit.
 */
export type Write<M> = (message: M, bytes: Buffer, start: number) => number;

/** Bytes of a slab: hundreds of small messages share one. */
const slabBytes = 64 * 1024;

/** A slab with less room than this is not used any more. */
const leastRoom = 4 * 1024;

/** What is larger may get memory of its own. */
const largestShared = slabBytes / 4;

/** Memory is for a message that is so much larger than the last one. */
const margin = 1.05;

/** Messages that need more than a slab are written to a draft, which is used again, and copied. */
const draftBytes = 1024 * 1024;

/** Sizes for messages that need more than that. */
const largeBytes = [16 * draftBytes, 256 * draftBytes];

let slab = Buffer.allocUnsafeSlow(slabBytes);
share(slab.buffer);
let used = 0;
/** While a message is written: one of its getters might encode another one. */
let isBusy = false;
let draft: Buffer | undefined;

/** Writes the messages of one codec, each behind the prefix that it has in gRPC: see `frameInPlace`. */
export class Writer<M> {
  readonly #write: Write<M>;
  /** Size of the last message, if it was large. */
  #last = 0;
  /** Whether the last two messages were large and of about one size. */
  #isSteady = false;

  constructor(write: Write<M>) {
    this.#write = write;
  }

  /** The bytes of a message. Small messages share memory, as with `Buffer.from`. */
  bytesOf(message: M): Buffer {
    if (this.#last > largestShared || isBusy) return this.#large(message);
    if (slabBytes - used < leastRoom) takeSlab();
    return this.#shared(message);
  }

  #shared(message: M): Buffer {
    const start = used + prefixBytes;
    isBusy = true;
    let end: number;
    try {
      end = withinEnd(this.#write(message, slab, start), slab);
    } catch (error) {
      if (error !== full) throw error;
      isBusy = false;
      if (slabBytes - used > largestShared) return this.#large(message);
      takeSlab();
      return this.#shared(message);
    } finally {
      isBusy = false;
    }
    used = end;
    this.#last = end - start;
    writePrefix(slab, start - prefixBytes, end - start);
    return bufferPart(slab.buffer, start, end - start);
  }

  #large(message: M): Buffer {
    const bytes = this.#own(message) ?? this.#drafted(message);
    const { length } = bytes;
    this.#isSteady = length > this.#last * 0.75 && length < this.#last * margin;
    this.#last = length;
    return bytes;
  }

  /** Written where it stays, if its size can be guessed. */
  #own(message: M): Buffer | undefined {
    if (!this.#isSteady) return undefined;
    const own = Buffer.allocUnsafeSlow(prefixBytes + Math.ceil(this.#last * margin) + room);
    const end = this.#tried(message, own);
    if (end === undefined) return undefined;
    return end < own.length * 0.75 ? copied(own, end) : own.subarray(prefixBytes, end);
  }

  #drafted(message: M): Buffer {
    const space = draft ?? Buffer.allocUnsafeSlow(draftBytes);
    // A getter of the message might encode another one.
    draft = undefined;
    let end: number | undefined;
    try {
      end = this.#tried(message, space);
      if (end !== undefined) return copied(space, end);
    } finally {
      draft = space;
    }
    for (const size of largeBytes) {
      const large = Buffer.allocUnsafeSlow(size);
      end = this.#tried(message, large);
      if (end !== undefined) return copied(large, end);
    }
    return leave();
  }

  /** Undefined if there is not enough room. */
  #tried(message: M, bytes: Buffer): number | undefined {
    try {
      const end = withinEnd(this.#write(message, bytes, prefixBytes), bytes);
      writePrefix(bytes, 0, end - prefixBytes);
      return end;
    } catch (error) {
      if (error !== full) throw error;
      return undefined;
    } finally {
      forgetView();
    }
  }
}

/** What is written beyond the end of memory is lost, whoever should have seen it before. */
function withinEnd(end: number, { length }: Buffer): number {
  if (end > length) throw full;
  return end;
}

function takeSlab(): void {
  slab = Buffer.allocUnsafeSlow(slabBytes);
  share(slab.buffer);
  used = 0;
}

/** A message and its prefix in memory of their own. */
function copied(bytes: Buffer, end: number): Buffer {
  const own = Buffer.allocUnsafeSlow(end);
  bytes.copy(own, 0, 0, end);
  return own.subarray(prefixBytes);
}
