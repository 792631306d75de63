import { errors } from "jose";
import { GrpcError } from "../../error.ts";
import { Refusal } from "../refusal.ts";

/**
 * The status for a token that jose did not accept. The error of jose is not kept: it holds the claims.
 */
export function tokenRefusal(error: unknown): GrpcError {
  const text = error instanceof errors.JWTExpired ? "has expired" : "is not valid";
  return new GrpcError("UNAUTHENTICATED", `the token ${text}`, {
    cause: new Refusal(reasonOf(error)),
  });
}

/** Constant texts, and names of claims that are verified: a text of jose can quote the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "wrong signature";
  if (error instanceof errors.JWKSNoMatchingKey) return "unknown key";
  if (error instanceof errors.JWKSMultipleMatchingKeys) return "several keys match";
  if (error instanceof errors.JOSEAlgNotAllowed) return "algorithm not accepted";
  if (error instanceof errors.JOSENotSupported) return "header or key not supported";
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  return "not a JSON Web Token";
}

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === "missing") return `claim ${claim} is missing`;
  if (reason === "empty") return `claim ${claim} is empty`;
  if (reason !== "check_failed") return `claim ${claim} is malformed`;
  if (claim === "iss") return "another issuer";
  if (claim === "aud") return "another audience";
  if (claim === "nbf") return "not valid yet";
  return `claim ${claim} is not accepted`;
}
