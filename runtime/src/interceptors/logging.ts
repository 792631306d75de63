import type { ClientCall, ServerCall } from "../call.ts";
import type { Interceptor } from "../interceptor.ts";
import { layer } from "../layer.ts";
import type { Logger } from "../logger/logger.ts";
import { firstText, requestIdKey } from "../metadata.ts";
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
  return layer<ClientCall | ServerCall>(function logging(call) {
    const method = call.method.path;
    const requestId = requestIdOf(call);
    if (logger.isLevelEnabled("debug")) logger.debug({ requestId, method }, "call started");
    return onCallEnd((code, durationMs, failure) => {
      const trace = traceContextOf(call);
      // One literal: an object that is put together of others costs as much as the rest of the line.
      const line = {
        requestId,
        method,
        code,
        durationMs: rounded(durationMs),
        peer: call.peer,
        userAgent: userAgentOf(call),
        traceId: trace?.traceId,
        spanId: trace?.spanId,
        reason: failure && refusalReason(failure),
        text: failure && logger.isLevelEnabled("debug") ? failure.rawMessage : undefined,
      };
      if (quietPaths.has(method)) logger.debug(line, "call ended");
      else logger.info(line, "call ended");
    });
  });
}

/** The longest user agent that is logged: the caller chooses it. */
const maxUserAgent = 100;

function userAgentOf(call: ClientCall | ServerCall): string | undefined {
  return firstText(call, "user-agent")?.slice(0, maxUserAgent);
}

/** A client sends it in the metadata, where an interceptor has put it. */
function requestIdOf(call: ClientCall | ServerCall): unknown {
  return "requestId" in call ? call.requestId : firstText(call, requestIdKey);
}
