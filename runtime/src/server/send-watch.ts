import type { ServerLimits } from "./limits.ts";

/** A call that sends. */
export interface SendingCall {
  /** Bytes that the caller has not taken, and the time for which it has taken none. */
  look(passedMs: number): { readonly bytes: number; readonly stalledMs: number };
  /** Ends the call without a status, which could not be sent either. */
  giveUp(): void;
}

/** Time between two looks, unless the timeout needs a shorter one, in milliseconds. */
const longestTickMs = 1_000;
const looksPerTimeout = 8;

/** Where the server keeps too much, callers that have taken nothing for this time lose their calls. */
const impatientMs = 5_000;

interface Stalled<Call> {
  readonly call: Call;
  readonly bytes: number;
}

/**
 * Gives up on answers that nobody takes: after `sendTimeoutMs`, or sooner where the server keeps more
 * than `maxBufferedBytes`. HTTP/2 lets a peer ask for answers and close its window.
 */
export class SendWatch<Call extends SendingCall> {
  readonly tickMs: number;
  readonly #limits: ServerLimits;
  readonly #onGiveUp: (call: Call) => void;

  constructor(limits: ServerLimits, onGiveUp: (call: Call) => void) {
    const { sendTimeoutMs } = limits;
    this.#limits = limits;
    this.#onGiveUp = onGiveUp;
    this.tickMs =
      sendTimeoutMs === 0
        ? longestTickMs
        : Math.min(longestTickMs, Math.ceil(sendTimeoutMs / looksPerTimeout));
  }

  /** @param connections the calls of each, looked at once per `tickMs` */
  look(connections: Iterable<readonly Call[]>): void {
    const { maxBufferedBytes, maxBufferedBytesPerConnection } = this.#limits;
    const all: Stalled<Call>[] = [];
    let total = 0;
    for (const calls of connections) {
      const stalled: Stalled<Call>[] = [];
      let bytes = 0;
      for (const call of calls) bytes += this.#lookAt(call, stalled);
      total += bytes - this.#relieve(stalled, bytes - maxBufferedBytesPerConnection);
      all.push(...stalled);
    }
    this.#relieve(all, total - maxBufferedBytes);
  }

  /** @returns the bytes that are left */
  #lookAt(call: Call, stalled: Stalled<Call>[]): number {
    const { sendTimeoutMs } = this.#limits;
    const { bytes, stalledMs } = call.look(this.tickMs);
    if (sendTimeoutMs > 0 && stalledMs >= sendTimeoutMs) {
      this.#giveUp(call);
      return 0;
    }
    if (stalledMs >= impatientMs) stalled.push({ call, bytes });
    return bytes;
  }

  /** Gives up on the largest of these calls, which it takes out, until `excess` is gone. */
  #relieve(stalled: Stalled<Call>[], excess: number): number {
    let freed = 0;
    if (excess <= 0) return freed;
    stalled.sort((a, b) => a.bytes - b.bytes);
    while (freed < excess) {
      const largest = stalled.pop();
      if (largest === undefined) break;
      freed += largest.bytes;
      this.#giveUp(largest.call);
    }
    return freed;
  }

  #giveUp(call: Call): void {
    call.giveUp();
    this.#onGiveUp(call);
  }
}
