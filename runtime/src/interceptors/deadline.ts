import { timerMs } from "../deadline.ts";
import { GrpcError } from "../error.ts";
import { expireAfter } from "../expiry.ts";
import type { ServerInterceptor } from "../interceptor.ts";

/**
 * Limits how long a call may take, whatever its deadline: then it ends with DEADLINE_EXCEEDED. The
 * handler sees the limit as `context.deadline`, and its signal aborts. An earlier deadline of the caller
 * stays.
 *
 * @example
 * ```ts
 * deadline({ unaryMs: 60_000, streamMs: 0 })
 * ```
 */
export function deadline(options: {
  /** Milliseconds for unary calls; 0 is no limit. */
  unaryMs: number;
  /** Milliseconds for calls with a stream; 0 is no limit. */
  streamMs: number;
}): ServerInterceptor {
  const unaryMs = timerMs(options.unaryMs);
  const streamMs = timerMs(options.streamMs);
  return function deadline(call, next) {
    const maxMs = call.method.kind === "unary" ? unaryMs : streamMs;
    const latest = Date.now() + maxMs;
    if (maxMs === 0 || (call.deadline !== undefined && call.deadline.getTime() <= latest)) {
      return next();
    }
    call.deadline = new Date(latest);
    return limited(maxMs, next);
  };
}

/** What `next` does, or a failure after `maxMs`. */
function limited(maxMs: number, next: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const expiry = expireAfter(maxMs, () => reject(tooLong(maxMs)));
    next().then(
      () => {
        expiry.cancel();
        resolve();
      },
      (error: unknown) => {
        expiry.cancel();
        reject(error);
      },
    );
  });
}

function tooLong(maxMs: number): GrpcError {
  return new GrpcError("DEADLINE_EXCEEDED", `the call took longer than the limit of ${maxMs} ms`);
}
