import { pause } from "../pause.ts";
import type { RoomLimits } from "./limits.ts";

type Limits = Pick<RoomLimits, "messagesPerSecond" | "burst">;

/** Limits how often a member sends: what comes faster waits, and with it the caller. */
export class Pace {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  /** When all that was sent is paid for. */
  #paidAtMs = 0;

  constructor({ messagesPerSecond, burst }: Limits) {
    this.#intervalMs = 1000 / messagesPerSecond;
    this.#burstMs = burst * this.#intervalMs;
  }

  /** Whether it is like a new one. */
  get isPaid(): boolean {
    return this.#paidAtMs <= performance.now();
  }

  /** Waits until the next message may be sent. @throws the reason of the signal, if that aborts meanwhile */
  async next(signal: AbortSignal): Promise<void> {
    const nowMs = performance.now();
    this.#paidAtMs = Math.max(this.#paidAtMs, nowMs) + this.#intervalMs;
    const waitMs = this.#paidAtMs - nowMs - this.#burstMs;
    if (waitMs <= 0) return;
    await pause(waitMs, signal).catch((error: unknown) => {
      // It is not sent.
      this.#paidAtMs -= this.#intervalMs;
      throw error;
    });
  }
}

/** The paces of callers that have left before they had paid: to join again makes nobody faster. */
export class Paces {
  readonly #limits: Limits;
  readonly #unpaid = new Map<string, Pace>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The pace of a caller that joins. */
  take(room: string, member: string): Pace {
    const key = keyOf(room, member);
    const pace = this.#unpaid.get(key) ?? new Pace(this.#limits);
    this.#unpaid.delete(key);
    return pace;
  }

  /** A caller has left. */
  leave(room: string, member: string, pace: Pace): void {
    // The first ones have left first.
    for (const [key, { isPaid }] of this.#unpaid) {
      if (!isPaid) break;
      this.#unpaid.delete(key);
    }
    if (!pace.isPaid) this.#unpaid.set(keyOf(room, member), pace);
  }
}

function keyOf(room: string, member: string): string {
  return JSON.stringify([room, member]);
}
