import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Logger } from "pino";
import { RateLimiterRes } from "rate-limiter-flexible";
import { errorDetail, RetryInfoSchema } from "../gen/runtime/error-details.ts";
import { GrpcError, type ServerCall, type ServerInterceptor } from "../gen/runtime/index.ts";
import { callerOf } from "./auth.ts";
import { outageLog } from "./outage-log.ts";

/** Counts calls: any limiter of rate-limiter-flexible, in memory or shared by all replicas. */
export interface CallLimiter {
  /** Rejects with a `RateLimiterRes` when `key` is used up, with anything else when it cannot count. */
  consume(key: string): Promise<unknown>;
}

/**
 * Bounds how often one caller may call one method: RESOURCE_EXHAUSTED, with a
 * `google.rpc.RetryInfo` that says when to come back.
 *
 * @example
 * ```ts
 * rateLimit({ limiter: new RateLimiterMemory({ points: 600, duration: 60 }), logger })
 * ```
 */
export function rateLimit(options: {
  limiter: CallLimiter;
  logger: Logger;
  /** While the limiter fails, `open` lets all calls pass and `closed` refuses them: UNAVAILABLE. */
  onFailure?: "open" | "closed";
  /** Who shares a limit; the token's subject by default or, without a token, the address. */
  keyOf?: (call: ServerCall) => string;
}): ServerInterceptor {
  const { limiter, logger, onFailure = "open", keyOf = subjectOrHost } = options;
  const meanwhile = onFailure === "open" ? "all calls pass" : "all calls are refused";
  const outage = outageLog(logger, "the rate limiter", meanwhile);
  return async function limitRate(call, next) {
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
    await next();
  };
}

function subjectOrHost(call: ServerCall): string {
  const caller = callerOf(call);
  // The port differs from connection to connection.
  return caller === undefined
    ? `host ${call.peer.replace(/:\d+$/, "")}`
    : `subject ${caller.subject}`;
}

function exhausted(delayMs: number): GrpcError {
  const retryDelay = durationFromMs(delayMs);
  return new GrpcError("RESOURCE_EXHAUSTED", "too many calls: wait before the next", {
    details: [errorDetail(RetryInfoSchema, { retryDelay })],
  });
}
