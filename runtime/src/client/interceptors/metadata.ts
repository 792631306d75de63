import { randomUUID } from "node:crypto";
import type { ClientInterceptor } from "../../interceptor.ts";
import { requestIdKey } from "../../metadata.ts";

/**
 * Sends the same metadata with every call, and an `x-request-id`, so that the log lines of client and
 * server can be found together. Metadata of a call itself wins.
 *
 * @example
 * ```ts
 * metadata({ values: { "x-tenant": "acme" } })
 * ```
 */
export function metadata(
  options: {
    values?: Readonly<Record<string, string>>;
    /** Creates an id; a random UUID by default. */
    createRequestId?: () => string;
  } = {},
): ClientInterceptor {
  const { values = {}, createRequestId = randomUUID } = options;
  return function metadata({ metadata: sent }, next) {
    for (const [key, value] of Object.entries(values)) {
      if (sent.get(key).length === 0) sent.set(key, value);
    }
    if (sent.get(requestIdKey).length === 0) sent.set(requestIdKey, createRequestId());
    return next();
  };
}
