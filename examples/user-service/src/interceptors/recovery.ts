import type { Logger } from "pino";
import { GrpcError, type ServerCall, type ServerInterceptor } from "../gen/runtime/index.ts";

/** Statuses by which a server admits a fault of its own. */
const faults = new Set(["UNKNOWN", "INTERNAL", "DATA_LOSS"]);

/** Statuses by which it speaks of what is behind it, when it gives the cause. */
const outages = new Set(["UNAVAILABLE", "DEADLINE_EXCEEDED"]);

/**
 * Gives every failure a status. A `GrpcError` is what its thrower wants the caller to see; anything
 * else becomes INTERNAL without a word about what happened, also what a handler's own call to another
 * service has failed with. The log gets the whole cause.
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
  return faults.has(code) || (outages.has(code) && cause !== undefined);
}

/** Logs the whole cause of a failure; also for a server's `onError`, after the interceptors. */
export function faultLog(logger: Logger): (error: unknown, call: ServerCall) => void {
  return (error, { requestId, method }) =>
    logger.error({ err: error, requestId, method: method.path }, "call failed");
}
