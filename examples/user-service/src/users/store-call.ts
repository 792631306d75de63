import type { CallContext } from "grpc-service";
import { callerOf } from "grpc-service/interceptors";
import type { StoreCall } from "./user-store.ts";

/** What the store needs from a call: how long it lasts, and the caller. */
export function storeCall(context: CallContext): StoreCall {
  const { signal, deadline } = context;
  return { signal, deadline, actor: callerOf(context)?.subject ?? "anonymous" };
}
