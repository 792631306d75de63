import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import type { TokenConfig } from "../../config/auth.ts";
import { GrpcError } from "../../error.ts";
import type { Logger } from "../../logger/logger.ts";
import type { Identity } from "../identity.ts";
import { outageLog } from "../outage-log.ts";
import type { Authenticator } from "./auth.ts";
import { KeySet } from "./key-set.ts";
import { verifyWithKeySet } from "./key-set-verifier.ts";
import { TokenCache } from "./token-cache.ts";
import { tokenRefusal } from "./token-refusal.ts";

/**
 * Verifies JSON Web Tokens: signed by a key of the key set (or with the shared secret), for this issuer
 * and audience, with a subject and an expiry. Verified tokens are cached for at most a minute. The keys
 * are fetched in the background every five minutes: a withdrawn one is accepted for at most six minutes,
 * or for an hour while the provider cannot be reached. Without keys, calls end with UNAVAILABLE and the
 * log has one line.
 */
export function jwtAuthenticator(
  auth: TokenConfig,
  { clock, logger }: { clock: () => Date; logger: Logger },
): Authenticator {
  const verify = verifier(auth);
  const outage = outageLog(logger, "the key set", "new tokens are refused");
  const cache = new TokenCache();
  const authenticate = async (token: string, now: Date): Promise<Identity> => {
    try {
      const payload = await verify(token, now);
      outage.ends();
      const identity = identityFrom(payload);
      cache.add(token, identity, (payload.exp ?? 0) * 1000, now);
      return identity;
    } catch (cause) {
      if (!isOutage(cause)) throw tokenRefusal(cause);
      outage.begins(cause);
      throw new GrpcError("UNAVAILABLE", "tokens cannot be verified at the moment");
    }
  };
  const running = new Map<string, Promise<Identity>>();
  /** Once for all calls that have the token meanwhile: callers send the same one with hundreds at a time. */
  const authenticateOnce = (token: string, now: Date): Promise<Identity> => {
    const found = running.get(token);
    if (found !== undefined) return found;
    const started = authenticate(token, now).finally(() => running.delete(token));
    running.set(token, started);
    return started;
  };
  return (token) => {
    const now = clock();
    return cache.get(token, now) ?? authenticateOnce(token, now);
  };
}

type Verifier = (token: string, now: Date) => Promise<JWTPayload>;

function verifier({ keys, issuer, audience, clockToleranceS }: TokenConfig): Verifier {
  const expected = {
    issuer,
    audience,
    requiredClaims: ["sub", "exp"],
    clockTolerance: clockToleranceS,
  };
  if (keys.kind === "secret") {
    const secret = new TextEncoder().encode(keys.secret);
    return async (token, currentDate) => {
      const options: JWTVerifyOptions = { ...expected, currentDate, algorithms: ["HS256"] };
      return (await jwtVerify(token, secret, options)).payload;
    };
  }
  const keySet = new KeySet(keys.url);
  return (token, currentDate) => verifyWithKeySet(token, keySet, { ...expected, currentDate });
}

function identityFrom(claims: JWTPayload): Identity {
  // By its type a text, by its signer anything.
  const sub: unknown = claims.sub;
  if (typeof sub !== "string" || sub === "") {
    const reason = sub === "" ? "empty" : "invalid";
    throw new errors.JWTClaimValidationFailed("illegal subject", {}, "sub", reason);
  }
  const scopes = [...scopesIn(claims.scope), ...scopesIn(claims.scp)];
  return { subject: sub, scopes: [...new Set(scopes)], claims };
}

/** `scope` is a text by RFC 8693; providers also have lists, and `scp`. */
function scopesIn(claim: unknown): string[] {
  if (typeof claim === "string") return claim.split(" ").filter((scope) => scope !== "");
  if (!Array.isArray(claim)) return [];
  return claim.filter((scope): scope is string => typeof scope === "string");
}

/** Whether the key set is unavailable, rather than the token invalid. */
function isOutage(cause: unknown): boolean {
  return (
    !(cause instanceof errors.JOSEError) ||
    cause instanceof errors.JWKSTimeout ||
    cause instanceof errors.JWKSInvalid ||
    cause.code === "ERR_JOSE_GENERIC"
  );
}
