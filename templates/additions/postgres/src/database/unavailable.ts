import { GrpcError } from "grpc-service";

/** Socket errors of an unreachable host. */
const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * SQLSTATEs of an unavailable database: class 08 is connection exceptions, 57P01 to 57P03 are shutdown,
 * crash and start, 53300 is too many connections.
 */
const unavailableStates = /^(?:08...|57P0[123]|53300)$/;

/** Errors of pg and its pool without a code: a connection broke or timed out. */
const unavailableMessages =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * Turns errors of an unavailable database into UNAVAILABLE, so that callers retry; the cause is logged. Any
 * other error is returned unchanged.
 */
export function toUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || !isUnavailable(error)) return error;
  return new GrpcError("UNAVAILABLE", "the database cannot be reached", { cause: error });
}

function isUnavailable(error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return (
    networkCodes.has(code) ||
    unavailableStates.test(code) ||
    unavailableMessages.test(error.message)
  );
}
