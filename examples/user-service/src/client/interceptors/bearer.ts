import type { ClientInterceptor } from "../../gen/runtime/index.ts";

/**
 * Sends a bearer token with every call.
 *
 * @param token gives the token for one call, so that it can be renewed before it expires.
 * @example
 * ```ts
 * new UserServiceClient(address, { interceptors: [bearer(() => session.token())] });
 * ```
 */
export function bearer(token: () => string | Promise<string>): ClientInterceptor {
  return async function attachToken(call, next) {
    call.metadata.set("authorization", `Bearer ${await token()}`);
    await next();
  };
}
