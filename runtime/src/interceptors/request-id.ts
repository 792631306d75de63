import { randomUUID } from "node:crypto";
import type { ServerCall } from "../call.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import { layer } from "../layer.ts";
import { firstText, requestIdKey } from "../metadata.ts";

/**
 * Gives every call an id, so that the log lines of all services involved can be found together. Keeps
 * the caller's `x-request-id` if it is safe to log, else creates one. The id and `server-version` are
 * sent as response headers. Handlers read `context.requestId`.
 *
 * @example
 * ```ts
 * requestId({ serverVersion: "1.4.2" })
 * ```
 */
export function requestId(options: {
  serverVersion: string;
  /** Creates an id; a random UUID by default. */
  create?: () => string;
}): ServerInterceptor {
  const { serverVersion, create = randomUUID } = options;
  return layer<ServerCall>(function requestId(call) {
    const received = firstText(call, requestIdKey);
    call.requestId = received !== undefined && isValid(received) ? received : create();
    call.setHeader(requestIdKey, call.requestId);
    call.setHeader("server-version", serverVersion);
    return undefined;
  });
}

/** No spaces, quotes or line breaks: an id must not forge a log line. */
function isValid(id: string): boolean {
  return /^[\w.:/+=-]{1,128}$/.test(id);
}
