import type { CallContext } from "../../../runtime/src/index.ts";
import { signpost } from "../support/echo.ts";

/** Resolves with the reason when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener("abort", () => resolve(signal.reason));
  });
}

/** Handlers of all kinds that wait until their signal aborts, and record when and why. */
export function patient() {
  const started = signpost<CallContext>();
  const reason = signpost<unknown>();
  const wait = async (context: CallContext) => {
    started.reach(context);
    reason.reach(await aborted(context.signal));
    context.signal.throwIfAborted();
  };
  return {
    started: started.reached,
    reason: reason.reached,
    handlers: {
      unary: async (_request: unknown, context: CallContext) => {
        await wait(context);
        return {};
      },
      serverStream: async function* (_request: unknown, context: CallContext) {
        yield { text: "first" };
        await wait(context);
      },
      clientStream: async (requests: AsyncIterable<unknown>, context: CallContext) => {
        started.reach(context);
        // Woken by the stream itself, without a look at the signal.
        for await (const _request of requests);
        return {};
      },
      bidi: async function* (requests: AsyncIterable<unknown>, context: CallContext) {
        started.reach(context);
        yield { text: "first" };
        for await (const _request of requests);
      },
    },
  };
}
