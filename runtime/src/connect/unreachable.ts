import { GrpcError } from "../error.ts";

/** What grpc-js says when there is no connection: the cause, when it was, and how the name was resolved. */
const noConnection =
  /^(?:\w+: )?No connection established\. Last error: (?:Error: )?(.*?)(?: \(\d{4}-\S+Z\))?(?:\. Resolution note: |$)/s;

/** What it says when the name of the server is not known. */
const noAddress = /^(Name resolution failed) for target /;

/**
 * Says in few words why a call found no connection to the server. Undefined for any other failure, such as a
 * handler that throws UNAVAILABLE.
 *
 * @param hint adds to the cause what may help
 */
export function unreachable(
  error: GrpcError,
  address: string,
  hint: (cause: string) => string = () => "",
): GrpcError | undefined {
  const { rawMessage } = error;
  const cause = (noConnection.exec(rawMessage) ?? noAddress.exec(rawMessage))?.[1];
  if (error.code !== "UNAVAILABLE" || cause === undefined) return undefined;
  const text = `no connection to ${address}: ${plain(cause)}${hint(cause)}`;
  return new GrpcError("UNAVAILABLE", text, { cause: error });
}

/** Errors of OpenSSL have its reason between numbers, functions and files. */
function plain(cause: string): string {
  return cause.replace(/^[\dA-F]+:error:[\dA-F]+:[^:]*:[^:]*:([^:]+):.*$/s, "TLS: $1");
}
