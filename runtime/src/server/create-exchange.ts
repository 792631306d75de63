import { Exchange } from "./exchange.ts";
import type { MethodPlan } from "./method-plan.ts";
import type { NativeCall } from "./native-call.ts";
import { ManyRequests, OneRequest } from "./request-side.ts";
import { ManyResponses, OneResponse } from "./response-side.ts";

/** Composes the exchange of one call from the two sides that its kind of method needs. */
export function createExchange(plan: MethodPlan, native: NativeCall): Exchange {
  const { requestStream, responseStream } = plan.method;
  return new Exchange(
    plan,
    native,
    requestStream ? new ManyRequests() : new OneRequest(),
    responseStream ? new ManyResponses() : new OneResponse(),
  );
}
