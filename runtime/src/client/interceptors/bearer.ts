import type { ClientInterceptor } from "../../interceptor.ts";

/**
 * Sends a bearer token with every call.
 *
 * @param token returns the token of one call, so that it can be renewed before it expires
 * @example
 * ```ts
 * new UserServiceClient(address, { interceptors: [bearer(() => session.token())] });
 * ```
 */
export function bearer(token: () => string | Promise<string>): ClientInterceptor {
  return async function bearer(call, next) {
    call.metadata.set("authorization", `Bearer ${await token()}`);
    await next();
  };
}
