import {
  type CallContext,
  createContextKey,
  GrpcError,
  type MethodInfo,
  type ServerInterceptor,
} from "../gen/runtime/index.ts";
import { checkNames } from "./select.ts";

/** Who calls, as the token says. */
export interface Identity {
  readonly subject: string;
  readonly scopes: readonly string[];
}

/**
 * Checks a token.
 *
 * @throws GrpcError UNAUTHENTICATED when it is not good, UNAVAILABLE while nobody can tell.
 */
export type Authenticator = (token: string) => Promise<Identity>;

const identityKey = createContextKey<Identity | undefined>("identity", undefined);

/**
 * The caller.
 *
 * @throws GrpcError UNAUTHENTICATED when there was no token: in a public method, or with AUTH=off.
 */
export function identityOf(context: Pick<CallContext, "get">): Identity {
  const identity = callerOf(context);
  if (identity === undefined) throw new GrpcError("UNAUTHENTICATED", "this call needs a token");
  return identity;
}

/** The caller, as far as it is known: undefined without a token, and before it has been checked. */
export function callerOf(context: Pick<CallContext, "get">): Identity | undefined {
  return context.get(identityKey);
}

/**
 * Requires `authorization: Bearer <token>` for every method that is not declared public, and hands
 * the caller's identity to the handler: `identityOf(context)`. No other header is believed.
 * UNAUTHENTICATED without a good token, PERMISSION_DENIED when the token lacks a scope.
 *
 * @throws Error at start when a method that is named is not served: a misspelt name would lock out,
 *   say, the health probes, or leave a method without its scope.
 * @example
 * ```ts
 * auth({
 *   authenticate: jwtAuthenticator({ ...config.auth, clock, logger }),
 *   methods,
 *   publicMethods: ["shop.Shop/Browse"],
 *   scopes: { "shop.Shop/Order": ["orders.write"] },
 * })
 * ```
 */
export function auth(options: {
  authenticate: Authenticator;
  /** All methods of the server. */
  methods: readonly MethodInfo[];
  /** Methods anyone may call, as `package.Service/Method`. */
  publicMethods?: readonly string[];
  /** What a token must allow, by method. A method that is not named is for everybody with a token. */
  scopes?: Readonly<Record<string, readonly string[]>>;
}): ServerInterceptor {
  const { authenticate, methods, publicMethods = [], scopes = {} } = options;
  checkNames({ methods: [...publicMethods, ...Object.keys(scopes)] }, methods);
  const publicPaths = new Set(publicMethods.map((method) => `/${method}`));
  const neededScopes = new Map(
    Object.entries(scopes).map(([name, needed]) => [`/${name}`, needed]),
  );
  return async function authenticateCaller(call, next) {
    const { path } = call.method;
    const [credentials] = call.metadata.get("authorization");
    const identity = publicPaths.has(path)
      ? await callerOfPublic(credentials, authenticate)
      : await authenticate(bearerToken(credentials));
    if (identity !== undefined) {
      call.set(identityKey, identity);
      for (const scope of neededScopes.get(path) ?? []) requireScope(identity, scope);
    }
    await next();
  };
}

/** A bad token is refused here, too; but while tokens cannot be verified, anyone may call. */
async function callerOfPublic(
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
  throw new GrpcError("UNAUTHENTICATED", "authorization must be: Bearer <token>");
}
