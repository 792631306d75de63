import { randomUUID } from "node:crypto";
import type { ServerInterceptor } from "../gen/runtime/index.ts";

const header = "x-request-id";

/**
 * Names every call, so that the lines of all services that took part can be found together.
 * Keeps the caller's `x-request-id` when it is safe to log, makes one otherwise, and returns it
 * next to `server-version` in the response headers. Handlers read `context.requestId`.
 *
 * @example
 * ```ts
 * requestId({ serverVersion: "1.4.2" })
 * ```
 */
export function requestId(options: {
  serverVersion: string;
  /** Makes an id; a random UUID by default. */
  create?: () => string;
}): ServerInterceptor {
  const { serverVersion, create = randomUUID } = options;
  return async function identify(call, next) {
    const [received] = call.metadata.get(header);
    call.requestId = isValid(received) ? received : create();
    call.setHeader(header, call.requestId);
    call.setHeader("server-version", serverVersion);
    await next();
  };
}

/** No spaces, quotes or line breaks: an id must not be able to forge a line of a log. */
function isValid(id: unknown): id is string {
  return typeof id === "string" && /^[\w.:/+=-]{1,128}$/.test(id);
}
