import type { Metadata } from "@grpc/grpc-js";
import type { Interceptor } from "../interceptor.ts";
import type { Logger } from "../logger/logger.ts";
import type { MethodInfo } from "../method.ts";
import { onCallEnd, rounded } from "./call-end.ts";

/** What `logging` uses of a call, on server and client. */
interface LoggedCall {
  readonly method: MethodInfo;
  /** A client call has it in its metadata. */
  readonly requestId?: string;
  readonly metadata: Metadata;
}

/**
 * Logs one line when a call starts (debug) and one when it ends (info), with status and duration in
 * milliseconds. Messages and metadata are not logged, and the text of the status only at debug level: they
 * hold personal data. Works on server and client.
 *
 * @example
 * ```ts
 * logging({ logger, quiet: healthMethods })
 * ```
 */
export function logging(options: {
  logger: Logger;
  /** Methods logged at debug level only, such as health probes; as `package.Service/Method`. */
  quiet?: readonly string[];
}): Interceptor<LoggedCall> {
  const { logger, quiet = [] } = options;
  const quietPaths = new Set(quiet.map((method) => `/${method}`));
  return function logging(call, next) {
    const method = call.method.path;
    const requestId = call.requestId ?? call.metadata.get("x-request-id")[0];
    logger.debug({ requestId, method }, "call started");
    return onCallEnd(next, (code, durationMs, text) => {
      const level = quietPaths.has(method) ? "debug" : "info";
      const line = { requestId, method, code, durationMs: rounded(durationMs) };
      const shown = text !== undefined && logger.isLevelEnabled("debug") ? { ...line, text } : line;
      logger[level](shown, "call ended");
    });
  };
}
