import { SignJWT } from "jose";
import type { TokenConfig } from "../config/auth.ts";

/**
 * Signs a token that the server accepts for five minutes. Possible only with a shared secret, as in
 * development: with a key set, tokens come from your identity provider.
 *
 * @throws Error when `auth` holds no secret.
 */
export async function signToken(auth: TokenConfig, subject: string): Promise<string> {
  if (auth.keys.kind !== "secret") throw new Error("signing a token needs AUTH_JWT_SECRET");
  return await new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setIssuer(auth.issuer)
    .setAudience(auth.audience)
    .setIssuedAt()
    .setExpirationTime("5 minutes")
    .sign(new TextEncoder().encode(auth.keys.secret));
}
