import { timerMs } from "../deadline.ts";
import { GrpcError } from "../error.ts";
import { type CallEntry, CallList } from "./call-list.ts";

/** Checks per request timeout. A call exceeds its timeout by an eighth at most. */
const ticks = 8;

/** A running call. */
export interface OpenCall {
  /** True until the only request of the call has arrived. Always false for a request stream. */
  readonly awaitsRequest: boolean;
  /** Ends the call with `error`. */
  fail(error: GrpcError): void;
}

/** The running calls of a server. */
export class OpenCalls {
  readonly #calls = new CallList<OpenCall>();
  #idle: (() => void) | undefined;

  add(call: OpenCall): OpenCallEntry {
    return this.#calls.add(call);
  }

  /** @param entry the result of `add`, to be deleted once */
  delete(entry: OpenCallEntry): void {
    this.#calls.delete(entry);
    if (this.#calls.size === 0) this.#idle?.();
  }

  /** Resolves when no call is running. */
  idle(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  failAll(error: GrpcError): void {
    for (const { call } of this.#calls.entries()) call.fail(error);
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
    const timer = setInterval(() => this.#age(late), timerMs(timeoutMs / ticks));
    timer.unref();
    return () => clearInterval(timer);
  }

  /**
   * Makes every call one tick older, and ends those that have waited for their request too long.
   */
  #age(error: GrpcError): void {
    for (const entry of this.#calls.entries()) {
      entry.age += 1;
      if (entry.age > ticks && entry.call.awaitsRequest) entry.call.fail(error);
    }
  }
}

export type OpenCallEntry = CallEntry<OpenCall>;
