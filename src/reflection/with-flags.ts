import { unreachable } from "../../runtime/src/connect/unreachable.ts";
import type { GrpcError } from "../../runtime/src/error.ts";
import type { Connection } from "./connect.ts";

/** Says in few words why there is no connection, and which flag may help. Any other error stays as it is. */
export function withFlags(error: GrpcError, { address, isSecure }: Connection): GrpcError {
  return unreachable(error, address, (cause) => hint(cause, isSecure)) ?? error;
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
