import type { Metadata } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { Interceptor, MethodInfo } from "../gen/runtime/index.ts";
import { rounded, untilEnd } from "./call-end.ts";

/** The part of a call that server and client have in common here. */
interface LoggedCall {
  readonly method: MethodInfo;
  /** On a client the metadata has it. */
  readonly requestId?: string;
  readonly metadata: Metadata;
}

/**
 * One line when a call starts (debug) and one when it ends (info), with its status and duration.
 * Neither holds messages or metadata, and the text of the status is there only while the logger shows
 * debug lines: these carry personal data. Serves on a client too.
 *
 * @example
 * ```ts
 * logging({ logger, quiet: ["grpc.health.v1.Health/Check"] })
 * ```
 */
export function logging(options: {
  logger: Logger;
  /** Methods, as `package.Service/Method`, that also end at debug level, such as probes. */
  quiet?: readonly string[];
}): Interceptor<LoggedCall> {
  const { logger, quiet = [] } = options;
  const quietPaths = new Set(quiet.map((method) => `/${method}`));
  return function logCall(call, next) {
    const method = call.method.path;
    const requestId = call.requestId ?? call.metadata.get("x-request-id")[0];
    logger.debug({ requestId, method }, "call started");
    return untilEnd(next, (code, durationMs, text) => {
      const level = quietPaths.has(method) ? "debug" : "info";
      const line = { requestId, method, code, durationMs: rounded(durationMs) };
      const shown = text !== undefined && logger.isLevelEnabled("debug") ? { ...line, text } : line;
      logger[level](shown, "call ended");
    });
  };
}
