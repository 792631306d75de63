import type { CallContext } from "../gen/runtime/index.ts";
import { callerOf } from "../interceptors/auth.ts";
import type { StoreCall } from "./user-store.ts";

/** What the store may know of a call: the caller's deadline, cancellation and identity go along. */
export function storeCall(context: CallContext): StoreCall {
  return { signal: context.signal, actor: callerOf(context)?.subject ?? "anonymous" };
}
