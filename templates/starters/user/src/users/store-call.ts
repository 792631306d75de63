import type { CallContext } from "grpc-service";
import { callerOf } from "grpc-service/interceptors";
import type { StoreCall } from "./user-store.ts";

/** What the store gets of a call: cancellation, deadline (both by the signal) and the caller. */
export function storeCall(context: CallContext): StoreCall {
  return { signal: context.signal, actor: callerOf(context)?.subject ?? "anonymous" };
}
