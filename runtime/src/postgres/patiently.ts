import { GrpcError } from "../error.ts";
import { RetryInfoSchema } from "../error-details.ts";
import { pause } from "../pause.ts";
import type { DatabaseCall } from "./call.ts";
import { DatabaseError, isLostState } from "./failures.ts";

/** Options of `patiently`. */
export interface PatienceOptions {
  /** How long the database may be away, in milliseconds. Default: 30 000. */
  readonly maxMs?: number | undefined;
}

const defaultMaxMs = 30_000;
/** Pauses in milliseconds: each is twice as long as the one before, and up to half of it is random. */
const firstPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * Does work again for as long as the database is away: when a connection breaks, while the server restarts
 * or another one takes over, and when all connections are in use.
 *
 * If a connection breaks, nobody knows whether its statement was committed. The work must be one that may
 * be done twice, such as `INSERT ... ON CONFLICT DO NOTHING`.
 *
 * @throws the last error when the database stays away; the reason of the signal when the call ends
 * @example
 * ```ts
 * await patiently(context, () => store.insert(batch, context));
 * ```
 */
export async function patiently<T>(
  call: DatabaseCall,
  work: () => Promise<T>,
  { maxMs = defaultMaxMs }: PatienceOptions = {},
): Promise<T> {
  let endMs: number | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      endMs ??= performance.now() + maxMs;
      if (!isAway(error) || performance.now() >= endMs) throw error;
    }
    await pause(pauseMs * (0.5 + Math.random() / 2), call.signal);
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof GrpcError)) return false;
  // There is no connection free.
  if (error.code === "RESOURCE_EXHAUSTED") return error.findDetails(RetryInfoSchema).length > 0;
  if (error.code !== "UNAVAILABLE") return false;
  // A login or a schema that is wrong does not become right by waiting.
  return !(error.cause instanceof DatabaseError) || isLostState(error.cause.state);
}
