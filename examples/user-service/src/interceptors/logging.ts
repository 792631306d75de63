import type { Metadata } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { GrpcError, type Interceptor, type MethodInfo } from "../gen/runtime/index.ts";

/** The part of a call that server and client have in common here. */
interface LoggedCall {
  readonly method: MethodInfo;
  /** On a client the metadata has it. */
  readonly requestId?: string;
  readonly metadata: Metadata;
}

/**
 * One line when a call starts (debug) and one when it ends (info), with its status and duration.
 * Neither holds messages, metadata or the text of the status: these carry personal data.
 * Serves on a client too.
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
  return async function logCall(call, next) {
    const method = call.method.path;
    const requestId = call.requestId ?? call.metadata.get("x-request-id")[0];
    const start = performance.now();
    logger.debug({ requestId, method }, "call started");
    let code = "OK";
    try {
      await next();
    } catch (error) {
      code = GrpcError.from(error).code;
      throw error;
    } finally {
      const durationMs = Math.round((performance.now() - start) * 100) / 100;
      const level = quietPaths.has(method) ? "debug" : "info";
      logger[level]({ requestId, method, code, durationMs }, "call ended");
    }
  };
}
