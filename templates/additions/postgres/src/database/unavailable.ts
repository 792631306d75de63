import { GrpcError } from "../gen/runtime/index.ts";

/** How sockets fail when nobody is there, or nobody any more. */
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
 * SQLSTATEs of a database that is away or going: class 08 is connection exceptions, 57P01 to 57P03
 * are shutdown, crash and start, 53300 is too many connections.
 */
const awayStates = /^(?:08...|57P0[123]|53300)$/;

/** What pg and its pool say of a connection that broke or did not come; there is no code for it. */
const awayTexts =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * What callers are told of a failed access: UNAVAILABLE, which says that they may try again, when
 * the database is away. The log gets the cause. Any other failure stays as it is.
 */
export function unavailableWhenAway(error: unknown): unknown {
  if (!(error instanceof Error) || !isAway(error)) return error;
  return new GrpcError("UNAVAILABLE", "the database cannot be reached", { cause: error });
}

function isAway(error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return networkCodes.has(code) || awayStates.test(code) || awayTexts.test(error.message);
}
