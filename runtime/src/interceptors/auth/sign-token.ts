import { SignJWT } from "jose";
import type { TokenConfig } from "../../config/auth.ts";

/**
 * Signs a token that is valid for five minutes. Needs a shared secret, as in development: with a key set,
 * tokens come from your identity provider.
 *
 * @param scopes what the token permits
 * @throws Error when `auth` has no secret.
 */
export async function signToken(
  auth: TokenConfig,
  subject: string,
  scopes: readonly string[] = [],
): Promise<string> {
  if (auth.keys.kind !== "secret") throw new Error("signing a token needs AUTH_JWT_SECRET");
  return await new SignJWT(scopes.length === 0 ? {} : { scope: scopes.join(" ") })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setIssuer(auth.issuer)
    .setAudience(auth.audience)
    .setIssuedAt()
    .setExpirationTime("5 minutes")
    .sign(new TextEncoder().encode(auth.keys.secret));
}
