import type { Logger } from "pino";
import { GrpcError, type ServerCall, type ServerInterceptor } from "../gen/runtime/index.ts";

/** Statuses by which a server admits a fault of its own. */
const faults = new Set(["UNKNOWN", "INTERNAL", "DATA_LOSS"]);

/**
 * Gives every failure a status. A `GrpcError` is what its thrower wants the caller to see; anything
 * else becomes INTERNAL without a word about what happened. The log gets the whole cause.
 *
 * @example
 * ```ts
 * [recovery({ logger }), ...everythingElse]
 * ```
 */
export function recovery(options: { logger: Logger }): ServerInterceptor {
  const logFault = faultLog(options.logger);
  return async function recover(call, next) {
    try {
      await next();
    } catch (error) {
      const status = GrpcError.from(error);
      // The signal's reason is what ended the call, not what went wrong in it.
      if (isFault(status) && error !== call.signal.reason) logFault(error, call);
      throw status;
    }
  };
}

/** Whether the log should tell more of `status` than its code. */
function isFault({ code, cause }: GrpcError): boolean {
  // What was UNAVAILABLE is a fault too, when the one who found out gives the cause.
  return faults.has(code) || (code === "UNAVAILABLE" && cause !== undefined);
}

/** Logs the whole cause of a failure; also for a server's `onError`, after the interceptors. */
export function faultLog(logger: Logger): (error: unknown, call: ServerCall) => void {
  return (error, { requestId, method }) =>
    logger.error({ err: error, requestId, method: method.path }, "call failed");
}
