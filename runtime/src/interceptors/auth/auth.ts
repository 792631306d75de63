import type { ServerCall } from "../../call.ts";
import { GrpcError } from "../../error.ts";
import type { ServerInterceptor } from "../../interceptor.ts";
import { type Identity, identityKey } from "../identity.ts";
import { Refusal } from "../refusal.ts";
import { checkNames, type ScopedInterceptor } from "../scope.ts";

/**
 * Verifies a token.
 *
 * @throws GrpcError UNAUTHENTICATED when the token is not valid, UNAVAILABLE when it cannot be
 *   verified at the moment.
 */
export type Authenticator = (token: string) => Promise<Identity>;

/** Options of `auth`. */
export interface AuthOptions {
  readonly authenticate: Authenticator;
  /** Methods that need no token, as `package.Service/Method`. */
  readonly publicMethods?: readonly string[];
  /** Scopes that a token must have, by method. Other methods accept every valid token. */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Requires `authorization: Bearer <token>` for every method that is not public, and gives handlers the
 * caller: `identityOf(context)`. No other header is trusted. Calls without a valid token end with
 * UNAUTHENTICATED, calls whose token lacks a scope with PERMISSION_DENIED. Callers do not learn why a token is
 * not valid, unless it has expired; `logging` writes the reason.
 *
 * The server does not start when a method named here is not served: a misspelt name would lock out
 * health probes, or leave a method without its scope.
 *
 * @example
 * ```ts
 * auth({
 *   authenticate: jwtAuthenticator(config.auth, { clock, logger }),
 *   publicMethods: [...healthMethods, "shop.Shop/Browse"],
 *   scopes: { "shop.Shop/Order": ["orders.write"] },
 * })
 * ```
 */
export function auth(options: AuthOptions): ScopedInterceptor<ServerCall> {
  const { authenticate, publicMethods = [], scopes = {} } = options;
  return {
    setUp({ methods }) {
      checkNames({ methods: [...publicMethods, ...Object.keys(scopes)] }, methods);
      return ({ path }) => {
        const name = path.slice(1);
        return authFor(authenticate, publicMethods.includes(name), scopes[name] ?? []);
      };
    },
  };
}

/** The interceptor of one method. */
function authFor(
  authenticate: Authenticator,
  isPublic: boolean,
  scopes: readonly string[],
): ServerInterceptor {
  return async function auth(call, next) {
    const [credentials] = call.metadata.get("authorization");
    const identity = isPublic
      ? await optionalIdentity(credentials, authenticate)
      : await authenticate(bearerToken(credentials));
    if (identity !== undefined) {
      call.set(identityKey, identity);
      for (const scope of scopes) requireScope(identity, scope);
    }
    await next();
  };
}

/** In a public method an invalid token is refused too, but an unverifiable one is ignored. */
async function optionalIdentity(
  credentials: unknown,
  authenticate: Authenticator,
): Promise<Identity | undefined> {
  if (credentials === undefined) return undefined;
  try {
    return await authenticate(bearerToken(credentials));
  } catch (error) {
    if (GrpcError.from(error).code === "UNAVAILABLE") return undefined;
    throw error;
  }
}

function requireScope({ scopes }: Identity, scope: string): void {
  if (scopes.includes(scope)) return;
  throw new GrpcError("PERMISSION_DENIED", `this call needs a token with the scope ${scope}`);
}

function bearerToken(credentials: unknown): string {
  const token = typeof credentials === "string" ? /^bearer +(\S+)$/i.exec(credentials)?.[1] : "";
  if (token) return token;
  const reason = credentials === undefined ? "no token" : "malformed authorization";
  throw new GrpcError("UNAUTHENTICATED", "authorization must be: Bearer <token>", {
    cause: new Refusal(reason),
  });
}
