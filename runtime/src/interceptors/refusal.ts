import type { GrpcError } from "../error.ts";

/**
 * Why a call was refused, in words that are safe to log: without token, claims and messages. As the private
 * cause of a `GrpcError` it is written by `logging`, and the caller does not get it.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** The words, if the failure is of a call that was refused. */
export function refusalReason({ cause }: GrpcError): string | undefined {
  return cause instanceof Refusal ? cause.message : undefined;
}
