import type { ServerCall } from "../call.ts";
import { GrpcError } from "../error.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import type { Logger } from "../logger/logger.ts";

/** Statuses that mean a fault of this server. */
const faults = new Set(["UNKNOWN", "INTERNAL", "DATA_LOSS"]);

/** Statuses that mean an outage behind this server, if they have a cause. */
const outages = new Set(["UNAVAILABLE", "DEADLINE_EXCEEDED"]);

/**
 * Turns every failure into a status. A `GrpcError` is sent unchanged. Any other error becomes INTERNAL
 * without details, errors of calls to other services included. The full cause is logged.
 *
 * @example
 * ```ts
 * [recovery({ logger }), ...others]
 * ```
 */
export function recovery(options: { logger: Logger }): ServerInterceptor {
  const logFault = faultLog(options.logger);
  return async function recovery(call, next) {
    try {
      await next();
    } catch (error) {
      const status = GrpcError.from(error);
      // The signal's reason is why the call was cancelled, not a fault.
      if (isFault(status) && error !== call.signal.reason) logFault(error, call);
      throw status;
    }
  };
}

/** Whether to log the cause. */
function isFault({ code, cause }: GrpcError): boolean {
  return faults.has(code) || (outages.has(code) && cause !== undefined);
}

/** Logs failures with their full cause. Also serves as `onError` of a server. */
export function faultLog(logger: Logger): (error: unknown, call: ServerCall) => void {
  return (error, { requestId, method }) =>
    logger.error({ err: error, requestId, method: method.path }, "call failed");
}
