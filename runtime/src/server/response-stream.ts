import type { Writable } from "node:stream";
import { prefixBytes } from "../codec/frame.ts";
import { framed, framedAll, withPrefix } from "./response-frames.ts";
import type { SendBudget } from "./send-budget.ts";
import { sendTurns } from "./send-turns.ts";

const maxMessages = 256;
const maxBytes = 256 * 1024;
/** Limit until the first message is written: the call may have been cancelled before we see it. */
const firstMessages = 8;
/** Bytes that are passed to the stream at a time, so that it shows that a large message moves. */
export const chunkBytes: number = 64 * 1024;
/** What Node keeps for a write besides its bytes. */
const overheadBytes = 512;

/**
 * The responses of a call, written to its HTTP/2 stream.
 *
 * Messages that the handler yields without waiting for anything are one write: a write costs several
 * times as much as a small message. How many may be in flight depends on what the stream has taken, and
 * on what its connection and the process already keep for callers that do not read. One message is
 * always in flight, so that no stream waits for another.
 */
export class ResponseStream {
  readonly #stream: Writable;
  readonly #budget: SendBudget;
  /** Messages for the next write, which follows when the handler waits. */
  #batch: Buffer[] = [];
  /** Their bytes with their prefixes. */
  #batchBytes = 0;
  /** Parts of a large message that have not been passed to the stream. */
  #queue: Part[] = [];
  /** Bytes that have been passed to the stream, and that it has not written. */
  #inFlight = 0;
  /** The bytes of each write, and the messages that end with it, from `#next` on. */
  #writes: number[] = [];
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
    if (this.#over || this.#isClosing) return undefined;
    const size = prefixBytes + message.length;
    this.#messages += 1;
    this.#count(size);
    if (size > chunkBytes || this.#queue.length > 0) this.#split(message, isCompressed);
    else if (isCompressed) this.#writeAlone(message);
    else this.#add(message, size);
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
    this.writeBatch();
    if (this.#queue.length === 0) end();
    else this.#onEmpty = end;
  }

  /** Passes the messages that wait for the next write to the stream. */
  writeBatch(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    const bytes = framedAll(batch, this.#batchBytes, this.#budget.hasRoom);
    this.#batch = [];
    this.#batchBytes = 0;
    this.#write(bytes, batch.length);
  }

  /** To be called when the call is over: nothing more is sent. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue = [];
    this.#batch = [];
    this.#budget.add(-this.#bytes);
    this.#resume();
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.add(bytes);
  }

  #add(message: Buffer, size: number): void {
    if (this.#batchBytes + size > chunkBytes) this.writeBatch();
    // After all promises that are settled: the handler then waits for something else.
    if (this.#batch.length === 0) process.nextTick(writeBatchOf, this);
    this.#batch.push(message);
    this.#batchBytes += size;
  }

  #writeAlone(compressed: Buffer): void {
    this.writeBatch();
    this.#write(framed(compressed, this.#budget.hasRoom, true), 1);
  }

  #split(message: Buffer, isCompressed: boolean): void {
    this.writeBatch();
    const prefix = withPrefix(Buffer.allocUnsafe(prefixBytes), message.length, isCompressed);
    this.#queue.push({ bytes: prefix, last: false });
    for (let at = 0; at < message.length; at += chunkBytes) {
      const bytes = message.subarray(at, at + chunkBytes);
      this.#queue.push({ bytes, last: at + chunkBytes >= message.length });
    }
    this.#flush();
  }

  #flush(): void {
    while (this.#inFlight < maxBytes) {
      const part = this.#queue.shift();
      if (part === undefined) break;
      this.#write(part.bytes, part.last ? 1 : 0);
    }
    if (this.#queue.length === 0) this.#onEmpty?.();
  }

  #write(bytes: Buffer, messages: number): void {
    const size = bytes.length + overheadBytes;
    this.#count(overheadBytes);
    this.#inFlight += size;
    this.#writes.push(size, messages);
    this.#stream.write(bytes, this.#onWritten);
  }

  /** Also called with an error. Then the stream is closed, which ends the call. */
  #written(): void {
    if (this.#over) return;
    const size = this.#writes[this.#next] ?? 0;
    this.#messages -= this.#writes[this.#next + 1] ?? 0;
    this.#next += 2;
    if (this.#next === this.#writes.length) {
      this.#writes = [];
      this.#next = 0;
    }
    this.#inFlight -= size;
    this.#count(-size);
    this.#limit = maxMessages;
    this.#partsWritten += 1;
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

function writeBatchOf(stream: ResponseStream): void {
  stream.writeBatch();
}

/** A part of a message that is written at a time. */
interface Part {
  readonly bytes: Buffer;
  /** Whether the message ends with it. */
  readonly last: boolean;
}
