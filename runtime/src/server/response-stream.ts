import type { Writable } from "node:stream";
import { frameInPlace, prefixBytes, writePrefix } from "../codec/frame.ts";
import type { SendBudget } from "./send-budget.ts";
import { sendTurns } from "./send-turns.ts";

const maxMessages = 256;
const maxBytes = 256 * 1024;
/** Limit until the first message is written: the call may have been cancelled before we see it. */
const firstMessages = 8;
/** Bytes that are passed to the stream at a time, so that it shows that a large message moves. */
export const chunkBytes: number = 64 * 1024;
/** What Node keeps for a message besides its bytes. */
const overheadBytes = 512;

/**
 * The responses of a call, written to its HTTP/2 stream.
 *
 * Many messages in flight let http2 combine them into few writes. How many depends on what the stream
 * has taken, and on what its connection and the process already keep for callers that do not read.
 * One message is always in flight, so that no stream waits for another.
 */
export class ResponseStream {
  readonly #stream: Writable;
  readonly #budget: SendBudget;
  /** Parts of messages that have not been passed to the stream. */
  #queue: Part[] = [];
  /** Bytes that have been passed to the stream, and that it has not written. */
  #inFlight = 0;
  /** The same by part, from `#next` on; negative unless a message ends with the part. */
  #sizes: number[] = [];
  #next = 0;
  // One function for all writes, which the stream reports in their order.
  readonly #onWritten = (): void => this.#written();
  /** Bytes and messages that are not written in full. */
  #bytes = 0;
  #messages = 0;
  #limit = firstMessages;
  #over = false;
  #isClosing = false;
  #partsWritten = 0;
  #onRoom: (() => void) | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(stream: Writable, budget: SendBudget) {
    this.#stream = stream;
    this.#budget = budget;
    streams.set(stream, this);
  }

  /** Bytes that are not written. */
  get unsentBytes(): number {
    return this.#over ? 0 : this.#bytes;
  }

  /** Counts the parts that were written. */
  get partsWritten(): number {
    return this.#partsWritten;
  }

  /** Sends a message. If this returns a promise, await it before the next message. */
  send(message: Buffer, isCompressed: boolean = false): Promise<void> | undefined {
    if (this.#over || this.#stream.writableEnded) return undefined;
    const size = message.length + prefixBytes + overheadBytes;
    this.#messages += 1;
    this.#bytes += size;
    this.#budget.add(size);
    if (message.length <= chunkBytes && this.#queue.length === 0)
      this.#write(framed(message, this.#budget.hasRoom, isCompressed), size, true);
    else this.#split(message, isCompressed);
    if (this.#hasRoom()) return sendTurns.next();
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }

  /** Whether there is nothing more to come. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Calls `end` once everything has been passed to the stream. */
  close(end: () => void): void {
    this.#isClosing = true;
    if (this.#queue.length === 0) end();
    else this.#onEmpty = end;
  }

  /** To be called when the call is over: nothing more is sent. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue = [];
    this.#budget.add(-this.#bytes);
    this.#resume();
  }

  #split(message: Buffer, isCompressed: boolean): void {
    const prefix = withPrefix(Buffer.allocUnsafe(prefixBytes), message.length, isCompressed);
    this.#queue.push({ bytes: prefix, size: prefixBytes + overheadBytes, last: false });
    for (let at = 0; at < message.length; at += chunkBytes) {
      const bytes = message.subarray(at, at + chunkBytes);
      this.#queue.push({ bytes, size: bytes.length, last: at + chunkBytes >= message.length });
    }
    this.#flush();
  }

  #flush(): void {
    while (this.#inFlight < maxBytes) {
      const part = this.#queue.shift();
      if (part === undefined) break;
      this.#write(part.bytes, part.size, part.last);
    }
    if (this.#queue.length === 0) this.#onEmpty?.();
  }

  #write(bytes: Buffer, size: number, last: boolean): void {
    this.#inFlight += size;
    this.#sizes.push(last ? size : -size);
    this.#stream.write(bytes, this.#onWritten);
  }

  /** Also called with an error. Then the stream is closed, which ends the call. */
  #written(): void {
    if (this.#over) return;
    const signed = this.#sizes[this.#next] ?? 0;
    this.#next += 1;
    if (this.#next === this.#sizes.length) {
      this.#sizes = [];
      this.#next = 0;
    }
    const size = Math.abs(signed);
    this.#inFlight -= size;
    this.#bytes -= size;
    this.#budget.add(-size);
    this.#limit = maxMessages;
    this.#partsWritten += 1;
    if (signed > 0) this.#messages -= 1;
    if (this.#queue.length > 0) this.#flush();
    if (this.#onRoom !== undefined && this.#hasRoom()) this.#resume();
  }

  #hasRoom(): boolean {
    if (this.#messages === 0) return true;
    return this.#messages < this.#limit && this.#bytes < maxBytes && this.#budget.hasRoom;
  }

  #resume(): void {
    const resume = this.#onRoom;
    this.#onRoom = undefined;
    resume?.();
  }
}

const streams = new WeakMap<Writable, ResponseStream>();

/** What writes the responses to a stream, if they are more than a small one. */
export function responseStreamOf(stream: Writable): ResponseStream | undefined {
  return streams.get(stream);
}

/** A part of a message that is written at a time. */
interface Part {
  readonly bytes: Buffer;
  /** What it takes of the budgets. */
  readonly size: number;
  /** Whether the message ends with it. */
  readonly last: boolean;
}

/**
 * A message behind its prefix.
 *
 * @param pooled whether it may share memory with others, and keep that alive
 */
export function framed(message: Buffer, pooled: boolean, isCompressed: boolean = false): Buffer {
  const inPlace = pooled && !isCompressed ? frameInPlace(message) : undefined;
  if (inPlace !== undefined) return inPlace;
  const size = prefixBytes + message.length;
  const frame = pooled ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size);
  message.copy(frame, prefixBytes);
  return withPrefix(frame, message.length, isCompressed);
}

function withPrefix(frame: Buffer, length: number, isCompressed: boolean): Buffer {
  writePrefix(frame, 0, length);
  if (isCompressed) frame[0] = 1;
  return frame;
}
