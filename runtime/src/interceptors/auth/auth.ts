import type { ServerCall } from "../../call.ts";
import type { ContextKey } from "../../context-key.ts";
import { GrpcError } from "../../error.ts";
import type { ServerInterceptor } from "../../interceptor.ts";
import { layer } from "../../layer.ts";
import { firstText } from "../../metadata.ts";
import type { MethodInfo } from "../../method.ts";
import type { PeerCertificate } from "../../peer-certificate.ts";
import { type Identity, identityKey } from "../identity.ts";
import { Refusal } from "../refusal.ts";
import { checkNames, type ScopedInterceptor } from "../scope.ts";

/**
 * Verifies a token; at once, without a promise, if it knows the token.
 *
 * @throws GrpcError UNAUTHENTICATED when the token is not valid, UNAVAILABLE when it cannot be
 *   verified at the moment.
 */
export type Authenticator = (token: string) => Identity | Promise<Identity>;

/** Reads the claims of a token into a value of your own type, for `context.get(key)`. */
export interface ClaimsReader<T> {
  readonly key: ContextKey<T>;
  /** @throws Error when the claims are not as expected: the call ends with UNAUTHENTICATED. */
  read(claims: Readonly<Record<string, unknown>>): T;
}

/** Options of `auth`. */
export interface AuthOptions<T = unknown> {
  readonly authenticate: Authenticator;
  /** Methods that need no token, as `package.Service/Method`. */
  readonly publicMethods?: readonly string[];
  /** Scopes that a token must have, by method. Other methods accept every valid token. */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /** Further public methods, such as those with an option of your own in the proto. */
  readonly isPublic?: (method: MethodInfo) => boolean;
  /** Further scopes that a token must have, such as those in an option of your own in the proto. */
  readonly scopesOf?: (method: MethodInfo) => readonly string[];
  readonly claims?: ClaimsReader<T>;
  /** With mutual TLS: who a caller without a token is, by its certificate; undefined: nobody. */
  readonly identityOfCertificate?: (certificate: PeerCertificate) => Identity | undefined;
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
 * // The same by options in the proto: rpc Order(...) returns (...) { option (shop.scopes) = "orders.write"; }
 * auth({
 *   authenticate,
 *   isPublic: ({ descriptor }) => getOption(descriptor, is_public),
 *   scopesOf: ({ descriptor }) => getOption(descriptor, scopes),
 * })
 * ```
 */
export function auth<T>(options: AuthOptions<T>): ScopedInterceptor<ServerCall> {
  const { publicMethods = [], scopes = {}, isPublic, scopesOf } = options;
  return {
    setUp({ methods }) {
      checkNames({ methods: [...publicMethods, ...Object.keys(scopes)] }, methods);
      return (method) => {
        const name = method.path.slice(1);
        return authFor(options, {
          isPublic: publicMethods.includes(name) || isPublic?.(method) === true,
          scopes: [...(scopes[name] ?? []), ...(scopesOf?.(method) ?? [])],
        });
      };
    },
  };
}

/** What a method asks of its callers. */
interface Access {
  readonly isPublic: boolean;
  readonly scopes: readonly string[];
}

/** The interceptor of one method. */
function authFor<T>(options: AuthOptions<T>, { isPublic, scopes }: Access): ServerInterceptor {
  const { authenticate, claims } = options;
  const accept = (call: ServerCall, identity: Identity | undefined): undefined => {
    if (identity === undefined) return;
    call.set(identityKey, identity);
    for (const scope of scopes) requireScope(identity, scope);
    if (claims !== undefined) call.set(claims.key, readClaims(claims, identity));
  };
  return layer<ServerCall>(function auth(call) {
    const credentials = firstText(call, "authorization");
    const identity =
      (credentials === undefined ? certified(call, options) : undefined) ??
      (isPublic
        ? optionalIdentity(credentials, authenticate)
        : authenticate(bearerToken(credentials)));
    return identity !== undefined && "then" in identity
      ? Promise.resolve(identity).then((known) => accept(call, known))
      : accept(call, identity);
  });
}

function certified<T>(call: ServerCall, options: AuthOptions<T>): Identity | undefined {
  const { identityOfCertificate } = options;
  const certificate = identityOfCertificate && call.peerCertificate;
  return certificate && identityOfCertificate(certificate);
}

function readClaims<T>({ read }: ClaimsReader<T>, identity: Identity): T {
  try {
    return read(identity.claims ?? {});
  } catch {
    // The error may quote a claim.
    throw new GrpcError("UNAUTHENTICATED", "the token is not valid", {
      cause: new Refusal("claims are not as expected"),
    });
  }
}

/** In a public method an invalid token is refused too, but an unverifiable one is ignored. */
function optionalIdentity(
  credentials: string | undefined,
  authenticate: Authenticator,
): Promise<Identity | undefined> | undefined {
  return credentials === undefined ? undefined : verifiable(credentials, authenticate);
}

async function verifiable(
  credentials: string | undefined,
  authenticate: Authenticator,
): Promise<Identity | undefined> {
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

function bearerToken(credentials: string | undefined): string {
  const token = credentials && /^bearer +(\S+)$/i.exec(credentials)?.[1];
  if (token) return token;
  const reason = credentials === undefined ? "no token" : "malformed authorization";
  throw new GrpcError("UNAUTHENTICATED", "authorization must be: Bearer <token>", {
    cause: new Refusal(reason),
  });
}
