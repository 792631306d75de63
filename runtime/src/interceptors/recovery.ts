import type { ServerCall } from "../call.ts";
import { GrpcError } from "../error.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import { layer } from "../layer.ts";
import type { Logger } from "../logger/logger.ts";
import { faultLog } from "./fault-log.ts";

/** Statuses that mean a fault of this server. */
const faults = new Set(["UNKNOWN", "INTERNAL", "DATA_LOSS"]);

/** Statuses that mean an outage behind this server, if they have a cause. */
const outages = new Set(["UNAVAILABLE", "DEADLINE_EXCEEDED"]);

/**
 * Turns every failure into a status. A `GrpcError` is sent unchanged. Any other error becomes INTERNAL
 * without details, errors of calls to other services included. The full cause is logged, its stack
 * once in ten seconds.
 *
 * @example
 * ```ts
 * [recovery({ logger }), ...others]
 * ```
 */
export function recovery(options: { logger: Logger }): ServerInterceptor {
  const logFault = faultLog(options.logger);
  return layer<ServerCall>(function recovery(call) {
    return (error) => {
      if (error === undefined) return;
      const status = GrpcError.from(error);
      // The signal's reason is why the call was cancelled, not a fault.
      if (isFault(status) && error !== call.signal.reason) logFault(error, call);
      throw status;
    };
  });
}

/** Whether to log the cause. */
function isFault({ code, cause }: GrpcError): boolean {
  return faults.has(code) || (outages.has(code) && cause !== undefined);
}
