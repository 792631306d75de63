import { GrpcError } from "../error.ts";

/** Checks per request timeout. A call exceeds its timeout by an eighth at most. */
const ticks = 8;

/** A running call. */
export interface OpenCall {
  /** True until the only request of the call has arrived. Always false for a request stream. */
  readonly awaitsRequest: boolean;
  /** Ends the call with `error`. */
  fail(error: GrpcError): void;
}

/**
 * The running calls of a server.
 *
 * They form a linked list, because a `Set` costs a fifth of the throughput of unary calls: its
 * outgrown tables survive in the old generation, and what they held stays reachable for the
 * scavenger.
 */
export class OpenCalls {
  #newest: OpenCallEntry | undefined;
  #idle: (() => void) | undefined;

  add(call: OpenCall): OpenCallEntry {
    const entry = new OpenCallEntry(call, this.#newest);
    if (this.#newest !== undefined) this.#newest.newer = entry;
    this.#newest = entry;
    return entry;
  }

  /** @param entry the result of `add`, to be deleted once */
  delete(entry: OpenCallEntry): void {
    const { newer, older } = entry;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older !== undefined) older.newer = newer;
    entry.newer = undefined;
    entry.older = undefined;
    if (this.#newest === undefined) this.#idle?.();
  }

  /** Resolves when no call is running. */
  idle(): Promise<void> {
    if (this.#newest === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  failAll(error: GrpcError): void {
    for (const { call } of [...this.#entries()]) call.fail(error);
  }

  /**
   * Ends calls whose only request does not arrive in time. One timer checks all of them: a timer
   * per call would cost more than all the rest that this runtime does for a unary call.
   *
   * @param timeoutMs 0 means no limit
   * @returns a function that stops the checks
   */
  watchRequests(timeoutMs: number): () => void {
    if (timeoutMs === 0) return () => {};
    const late = new GrpcError("DEADLINE_EXCEEDED", "the request did not arrive in time");
    const timer = setInterval(() => this.#age(late), timeoutMs / ticks);
    timer.unref();
    return () => clearInterval(timer);
  }

  /**
   * Makes every call one tick older, and ends those that have waited for their request too long.
   */
  #age(error: GrpcError): void {
    for (const entry of [...this.#entries()]) {
      entry.age += 1;
      if (entry.age > ticks && entry.call.awaitsRequest) entry.call.fail(error);
    }
  }

  *#entries(): Generator<OpenCallEntry> {
    for (let entry = this.#newest; entry !== undefined; entry = entry.older) yield entry;
  }
}

/** An entry of the list. */
class OpenCallEntry {
  readonly call: OpenCall;
  /** In ticks. */
  age = 0;
  newer: OpenCallEntry | undefined;
  older: OpenCallEntry | undefined;

  constructor(call: OpenCall, older: OpenCallEntry | undefined) {
    this.call = call;
    this.older = older;
  }
}

export type { OpenCallEntry };
