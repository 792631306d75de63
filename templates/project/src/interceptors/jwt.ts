import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import type { AuthConfig } from "../config/auth.ts";
import { GrpcError } from "../gen/runtime/index.ts";
import type { Authenticator, Identity } from "./auth.ts";

/** A key set holds public keys only: accepting HS256 too would let them be used as secrets. */
const keySetAlgorithms = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"];

/**
 * Accepts JSON Web Tokens that were signed by a key of the configured key set (or with the shared
 * secret), for this issuer and audience, and that carry a subject and an expiry.
 */
export function jwtAuthenticator(auth: AuthConfig, clock: () => Date): Authenticator {
  const verify = verifier(auth);
  return async function verifyToken(token) {
    try {
      return identityFrom(await verify(token, clock()));
    } catch (cause) {
      throw refusal(cause);
    }
  };
}

type Verifier = (token: string, now: Date) => Promise<JWTPayload>;

function verifier({ keys, issuer, audience }: AuthConfig): Verifier {
  const expected = { issuer, audience, requiredClaims: ["sub", "exp"], clockTolerance: 5 };
  if (keys.kind === "secret") {
    const secret = new TextEncoder().encode(keys.secret);
    return async (token, currentDate) => {
      const options: JWTVerifyOptions = { ...expected, currentDate, algorithms: ["HS256"] };
      return (await jwtVerify(token, secret, options)).payload;
    };
  }
  // Keys are fetched on first use, cached, and fetched again when a token names an unknown one.
  const keySet = createRemoteJWKSet(keys.url);
  return async (token, currentDate) => {
    const options: JWTVerifyOptions = { ...expected, currentDate, algorithms: keySetAlgorithms };
    return (await jwtVerify(token, keySet, options)).payload;
  };
}

function identityFrom({ sub, scope }: JWTPayload): Identity {
  if (!sub) throw new errors.JWTInvalid("empty subject");
  return { subject: sub, scopes: typeof scope === "string" ? scope.split(" ") : [] };
}

/** The caller's fault is UNAUTHENTICATED; keys that cannot be fetched are nobody's: UNAVAILABLE. */
function refusal(cause: unknown): GrpcError {
  if (cause instanceof errors.JWTExpired) {
    return new GrpcError("UNAUTHENTICATED", "the token has expired", { cause });
  }
  const keysMissing =
    !(cause instanceof errors.JOSEError) ||
    cause instanceof errors.JWKSTimeout ||
    cause instanceof errors.JWKSInvalid ||
    cause.code === "ERR_JOSE_GENERIC";
  return keysMissing
    ? new GrpcError("UNAVAILABLE", "tokens cannot be verified at the moment", { cause })
    : new GrpcError("UNAUTHENTICATED", "the token is not valid", { cause });
}
