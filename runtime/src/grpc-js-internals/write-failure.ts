import { constants } from "node:http2";
import { type StatusObject, status as statusNumbers } from "@grpc/grpc-js";

/**
 * The status of a client's call whose write failed because the server reset the stream; undefined
 * for any other status.
 *
 * From Node 26 a write fails before grpc-js hears of the reset, and grpc-js then reports UNAVAILABLE
 * for every code. The codes are mapped as grpc-js does it for a reset that it hears of. grpc-js has
 * already decided about a retry: it took the call for UNAVAILABLE.
 *
 * Fall-back when grpc-js or Node words it in another way: undefined, and UNAVAILABLE stays.
 */
export function statusOfReset({ code, details, metadata }: StatusObject): StatusObject | undefined {
  if (code !== statusNumbers.UNAVAILABLE) return undefined;
  const name = wording.exec(details ?? "")?.[1];
  if (name === undefined) return undefined;
  const reset = codeNamed(name);
  return { ...(statuses.get(reset) ?? received(reset)), metadata };
}

const wording = /^Write error: Stream closed with error code (\w+)$/;

/** A code that Node has no name for is a number already. */
function codeNamed(name: string): unknown {
  return name in constants ? constants[name as keyof typeof constants] : Number(name);
}

const statuses = new Map<unknown, { code: number; details: string }>([
  [
    constants.NGHTTP2_REFUSED_STREAM,
    { code: statusNumbers.UNAVAILABLE, details: "Stream refused by server" },
  ],
  [constants.NGHTTP2_CANCEL, { code: statusNumbers.CANCELLED, details: "Call cancelled" }],
  [
    constants.NGHTTP2_ENHANCE_YOUR_CALM,
    {
      code: statusNumbers.RESOURCE_EXHAUSTED,
      details: "Bandwidth exhausted or memory limit exceeded",
    },
  ],
  [
    constants.NGHTTP2_INADEQUATE_SECURITY,
    { code: statusNumbers.PERMISSION_DENIED, details: "Protocol not secure enough" },
  ],
]);

function received(reset: unknown): { code: number; details: string } {
  return { code: statusNumbers.INTERNAL, details: `Received RST_STREAM with code ${reset}` };
}
