import { reason } from "../app/reason.ts";

/** Redis is away or does not answer. The command may have run, or not. */
export class RedisUnavailableError extends Error {
  override readonly name = "RedisUnavailableError";

  /** @param cause what was wrong with the connection; undefined before the first attempt has ended */
  constructor(cause: unknown) {
    const text = cause === undefined ? "not connected yet" : reason(cause);
    super(`Redis cannot be reached: ${text}`, { cause });
  }
}
