import { GrpcError } from "../error.ts";
import type { MethodInfo } from "../method.ts";

/** What a call rejects with: its failure, and which call it was. One that names a call keeps it. */
export function callFailure(error: GrpcError, { path }: MethodInfo): GrpcError {
  if (error.method !== undefined) return error;
  const { code, rawMessage, details, metadata, cause } = error;
  return new GrpcError(code, rawMessage, { details, metadata, cause, method: path });
}
