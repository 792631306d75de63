import type { CallContext } from "../call.ts";
import { requestIdKey } from "../metadata.ts";
import type { CallOptions } from "./client-options.ts";

/**
 * Options for a call that a handler makes to another service. It has the deadline, the cancellation and
 * the request id of the handler's own call.
 *
 * @example
 * ```ts
 * const stock = await warehouse.getStock({ id }, onBehalfOf(context));
 * ```
 */
export function onBehalfOf(
  context: Pick<CallContext, "deadline" | "requestId" | "signal">,
): CallOptions {
  const { deadline } = context;
  return {
    signal: context.signal,
    metadata: { [requestIdKey]: context.requestId },
    ...(deadline && { deadline }),
  };
}
