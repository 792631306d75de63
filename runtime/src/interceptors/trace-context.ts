import type { CallContext } from "../call.ts";
import { type ContextKey, createContextKey } from "../context-key.ts";
import { firstText } from "../metadata.ts";

/** Identifies a span, in lower-case hexadecimal. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** Key under which the tracing interceptors store the span of a call. */
export const traceContextKey: ContextKey<TraceContext | undefined> = createContextKey(
  "trace context",
  undefined,
);

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/;

/**
 * The span of a call or, if it has none, that of the caller: from the header `traceparent` (W3C Trace
 * Context), which anybody can set.
 */
export function traceContextOf(
  call: Pick<CallContext, "get" | "metadata">,
): TraceContext | undefined {
  const own = call.get(traceContextKey);
  if (own !== undefined) return own;
  const header = firstText(call, "traceparent");
  if (header === undefined) return undefined;
  const [, traceId, spanId] = traceparent.exec(header) ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
