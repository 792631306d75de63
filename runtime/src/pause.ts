import { setTimeout as delay } from "node:timers/promises";

/** Waits for a time in milliseconds. @throws the reason of the signal, if that aborts meanwhile */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
