import { RateLimiterRes } from "rate-limiter-flexible";
import type { ServerCall } from "../../call.ts";
import { GrpcError } from "../../error.ts";
import { retryInfo } from "../../error-details.ts";
import type { ServerInterceptor } from "../../interceptor.ts";
import { layer } from "../../layer.ts";
import type { Logger } from "../../logger/logger.ts";
import { callerKey } from "../caller-key.ts";
import { outageLog } from "../outage-log.ts";

/** Counts calls: any limiter of rate-limiter-flexible, in memory or shared by replicas. */
export interface CallLimiter {
  /** Rejects with a `RateLimiterRes` when `key` is used up, with anything else when it cannot count. */
  consume(key: string): Promise<unknown>;
}

/**
 * Limits how often one caller may call one method. Calls above the limit end with RESOURCE_EXHAUSTED and
 * a `google.rpc.RetryInfo`.
 *
 * @example
 * ```ts
 * rateLimit({ limiter: new RateLimiterMemory({ points: 600, duration: 60 }), logger })
 * ```
 */
export function rateLimit(options: {
  limiter: CallLimiter;
  logger: Logger;
  /** While the limiter fails, `open` (the default) lets calls pass and `closed` refuses them: UNAVAILABLE. */
  onFailure?: "open" | "closed";
  /** Calls with equal keys share a limit. Default: `callerKey`, the subject of the token or, without one, the host. */
  keyOf?: (call: ServerCall) => string;
}): ServerInterceptor {
  const { limiter, logger, onFailure = "open", keyOf = callerKey } = options;
  const meanwhile = onFailure === "open" ? "all calls pass" : "all calls are refused";
  const outage = outageLog(logger, "the rate limiter", meanwhile);
  return layer<ServerCall>(async function rateLimit(call) {
    try {
      await limiter.consume(`${keyOf(call)} ${call.method.path}`);
      outage.ends();
    } catch (cause) {
      if (cause instanceof RateLimiterRes) throw exhausted(cause.msBeforeNext);
      outage.begins(cause);
      if (onFailure === "closed") {
        throw new GrpcError("UNAVAILABLE", "calls cannot be counted at the moment");
      }
    }
    return undefined;
  });
}

function exhausted(delayMs: number): GrpcError {
  return new GrpcError("RESOURCE_EXHAUSTED", "too many calls: wait before the next", {
    details: [retryInfo(delayMs)],
  });
}
