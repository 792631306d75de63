import type { ClientCall, ServerCall } from "../call.ts";
import type { GrpcError } from "../error.ts";
import type { Interceptor } from "../interceptor.ts";
import type { Logger } from "../logger/logger.ts";
import { requestIdKey } from "../metadata.ts";
import { onCallEnd, rounded } from "./call-end.ts";
import { refusalReason } from "./refusal.ts";
import { traceContextOf } from "./trace-context.ts";

/**
 * Logs one line when a call starts (debug) and one when it ends (info), with status, duration in
 * milliseconds, peer, user agent and trace, and with the reason if `auth` refused it. Messages and metadata are not logged, and the text of
 * the status only at debug level: they hold personal data. Works on server and client.
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
}): Interceptor<ClientCall | ServerCall> {
  const { logger, quiet = [] } = options;
  const quietPaths = new Set(quiet.map((method) => `/${method}`));
  return function logging(call, next) {
    const method = call.method.path;
    const requestId = requestIdOf(call);
    logger.debug({ requestId, method }, "call started");
    return onCallEnd(next, (code, durationMs, failure) => {
      const level = quietPaths.has(method) ? "debug" : "info";
      const line = { requestId, method, code, durationMs: rounded(durationMs) };
      const failed = failure === undefined ? {} : shownOf(failure, logger);
      logger[level]({ ...line, ...whoAndWhence(call), ...failed }, "call ended");
    });
  };
}

/** The longest user agent that is logged: the caller chooses it. */
const maxUserAgent = 100;

/** The peer, its program and the trace of the call. */
function whoAndWhence(call: ClientCall | ServerCall): object {
  const [userAgent] = call.metadata.get("user-agent");
  return {
    peer: call.peer,
    ...(typeof userAgent === "string" && { userAgent: userAgent.slice(0, maxUserAgent) }),
    ...traceContextOf(call),
  };
}

/** What the line has about a failure besides its code. */
function shownOf(failure: GrpcError, logger: Logger): object {
  const reason = refusalReason(failure);
  return {
    ...(reason !== undefined && { reason }),
    ...(logger.isLevelEnabled("debug") && { text: failure.rawMessage }),
  };
}

/** A client sends it in the metadata, where an interceptor has put it. */
function requestIdOf(call: ClientCall | ServerCall): unknown {
  return "requestId" in call ? call.requestId : call.metadata.get(requestIdKey)[0];
}
