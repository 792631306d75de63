import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import type { KeySet } from "./key-set.ts";

/** Key sets hold public keys. With HS256 accepted, an attacker could sign with a public key as secret. */
const algorithms = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"];

/** Anybody can send tokens without a key id: this limits what they cost. */
const maxTriedKeys = 4;

/**
 * Verifies a token with the keys of a provider. A token without a key id that no key verifies may be signed
 * by a new one: the keys are fetched anew for it, as for an unknown key id.
 *
 * @throws JOSEError when the token is not valid, any other error when the keys cannot be fetched.
 */
export async function verifyWithKeySet(
  token: string,
  keySet: KeySet,
  expected: JWTVerifyOptions,
): Promise<JWTPayload> {
  const options = { ...expected, algorithms };
  try {
    return await verifyWithKeys(token, keySet.key, options);
  } catch (error) {
    if (!mayHaveNewKey(token, error)) throw error;
    const keys = await keySet.fetchAnew();
    if (keys === undefined) throw error;
    return await verifyWithKeys(token, keys, options);
  }
}

function mayHaveNewKey(token: string, error: unknown): boolean {
  return (
    error instanceof errors.JWSSignatureVerificationFailed &&
    decodeProtectedHeader(token).kid === undefined
  );
}

async function verifyWithKeys(
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return await verifyWithEach(token, error, options);
  }
}

/** Verifies a token without a key id of which several keys may be. */
async function verifyWithEach(
  token: string,
  several: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let tried = 0;
  for await (const key of several) {
    tried += 1;
    if (tried > maxTriedKeys) throw several;
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}
