import { setTimeout as delay } from "node:timers/promises";
import type { RoomLimits } from "./limits.ts";

/** Limits how often a member sends: what comes faster waits, and with it the caller. */
export class Pace {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  /** When all that was sent is paid for. */
  #paidAtMs = 0;

  constructor({ messagesPerSecond, burst }: Pick<RoomLimits, "messagesPerSecond" | "burst">) {
    this.#intervalMs = 1000 / messagesPerSecond;
    this.#burstMs = burst * this.#intervalMs;
  }

  /** Waits until the next message may be sent. @throws AbortError when the signal aborts meanwhile. */
  async next(signal: AbortSignal): Promise<void> {
    const nowMs = performance.now();
    this.#paidAtMs = Math.max(this.#paidAtMs, nowMs) + this.#intervalMs;
    const waitMs = this.#paidAtMs - nowMs - this.#burstMs;
    if (waitMs > 0) await delay(waitMs, undefined, { signal });
  }
}
