import { GrpcError } from "../../runtime/src/error.ts";
import type { Connection } from "./connect.ts";

/** What grpc-js says when there is no connection: the cause, when it was, and how the name was resolved. */
const noConnection =
  /^(?:Error: )?No connection established\. Last error: (?:Error: )?(.*?)(?: \(\d{4}-\S+Z\))?\. Resolution note: /s;

/** Says in few words why there is no connection, and what may help. Any other error stays as it is. */
export function unreachable(error: GrpcError, { address, isSecure }: Connection): GrpcError {
  const cause = noConnection.exec(error.rawMessage)?.[1];
  if (error.code !== "UNAVAILABLE" || cause === undefined) return error;
  const text = `no connection to ${address}: ${plain(cause)}${hint(cause, isSecure)}`;
  return new GrpcError("UNAVAILABLE", text, { cause: error });
}

/** Errors of OpenSSL have its reason between numbers, functions and files. */
function plain(cause: string): string {
  return cause.replace(/^[\dA-F]+:error:[\dA-F]+:[^:]*:[^:]*:([^:]+):.*$/s, "TLS: $1");
}

function hint(cause: string, isSecure: boolean): string {
  if (isSecure && /SSL routines|EPROTO|wrong version/i.test(cause)) {
    return "; the server may not speak TLS: --plaintext";
  }
  // The server took the connection, and ended it at the first bytes.
  if (!isSecure && /^Failed to connect|ECONNRESET|socket hang up/.test(cause)) {
    return "; the server may require TLS: --tls";
  }
  return "";
}
