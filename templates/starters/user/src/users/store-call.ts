import type { CallContext } from "grpc-service";
import { callerOf } from "grpc-service/interceptors";
import type { StoreCall } from "./user-store.ts";

/** What the store needs from a call: the signal (cancellation and deadline) and the caller. */
export function storeCall(context: CallContext): StoreCall {
  return { signal: context.signal, actor: callerOf(context)?.subject ?? "anonymous" };
}
