import {
  type CallContext,
  createContextKey,
  GrpcError,
  type MethodInfo,
  type ServerInterceptor,
} from "../gen/runtime/index.ts";

/** Who calls, as the token says. */
export interface Identity {
  readonly subject: string;
  readonly scopes: readonly string[];
}

/** Checks a token. @throws GrpcError UNAUTHENTICATED when it is not good. */
export type Authenticator = (token: string) => Promise<Identity>;

const identityKey = createContextKey<Identity | undefined>("identity", undefined);

/** The caller. @throws GrpcError UNAUTHENTICATED in a public method that was called without a token. */
export function identityOf(context: Pick<CallContext, "get">): Identity {
  const identity = context.get(identityKey);
  if (identity === undefined) throw new GrpcError("UNAUTHENTICATED", "this call needs a token");
  return identity;
}

/**
 * Requires `authorization: Bearer <token>` for every method that is not declared public, and hands
 * the caller's identity to the handler: `identityOf(context)`. No other header is believed.
 *
 * @throws Error at start when a public method is not served: a misspelt name would lock out, say,
 * the health probes.
 * @example
 * ```ts
 * auth({ authenticate: jwtAuthenticator(config.auth, clock), publicMethods: ["shop.Shop/Browse"], methods })
 * ```
 */
export function auth(options: {
  authenticate: Authenticator;
  /** Methods anyone may call, as `package.Service/Method`. */
  publicMethods: readonly string[];
  /** All methods of the server. */
  methods: readonly MethodInfo[];
}): ServerInterceptor {
  const { authenticate, methods } = options;
  const served = new Set(methods.map((method) => method.path));
  const publicPaths = new Set(options.publicMethods.map((method) => `/${method}`));
  for (const path of publicPaths) {
    if (!served.has(path)) throw new Error(`public method ${path.slice(1)} is not served`);
  }
  return async function authenticateCaller(call, next) {
    const [credentials] = call.metadata.get("authorization");
    if (!publicPaths.has(call.method.path) || credentials !== undefined) {
      call.set(identityKey, await authenticate(bearerToken(credentials)));
    }
    await next();
  };
}

function bearerToken(credentials: unknown): string {
  const token = typeof credentials === "string" ? /^bearer +(\S+)$/i.exec(credentials)?.[1] : "";
  if (token) return token;
  throw new GrpcError("UNAUTHENTICATED", "authorization must be: Bearer <token>");
}
