import type { CallOptions } from "../gen/runtime/client/index.ts";
import type { CallContext } from "../gen/runtime/index.ts";

/**
 * Options for a call that a handler makes to another service: it ends when the handler's own call
 * does (by its deadline, or because the caller has left), and bears the same request id.
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
    metadata: { "x-request-id": context.requestId },
    ...(deadline && { deadline }),
  };
}
