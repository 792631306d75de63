import type { CallContext } from "../call.ts";
import { type ContextKey, createContextKey } from "../context-key.ts";
import { GrpcError } from "../error.ts";

/** The caller, as verified by the `auth` interceptor. */
export interface Identity {
  /** `sub` of the token. */
  readonly subject: string;
  /** What the token permits: `scope` or `scp` of the token, a list or a text split at spaces. */
  readonly scopes: readonly string[];
  /**
   * All claims of the token. Their types are up to who signs the token: `auth` has an option that reads
   * them into a value of your own type.
   */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Key under which `auth` stores the identity. */
export const identityKey: ContextKey<Identity | undefined> = createContextKey(
  "identity",
  undefined,
);

/**
 * The identity of the caller.
 *
 * @throws GrpcError UNAUTHENTICATED when the call has none: in a public method, or with AUTH=off.
 */
export function identityOf(context: Pick<CallContext, "get">): Identity {
  const identity = callerOf(context);
  if (identity === undefined) throw new GrpcError("UNAUTHENTICATED", "this call needs a token");
  return identity;
}

/** The identity of the caller; undefined without a token, and before `auth` has run. */
export function callerOf(context: Pick<CallContext, "get">): Identity | undefined {
  return context.get(identityKey);
}
