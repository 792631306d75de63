import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { plainOk, type WireStatus } from "../status.ts";
import type { ResponseHeaders } from "./response-headers.ts";

/**
 * What the headers of every response have, if messages follow. A literal: to spread a constant takes 40
 * times as long.
 */
function usualHeaders(): OutgoingHttpHeaders {
  return {
    ":status": 200,
    "content-type": "application/grpc+proto",
    "grpc-accept-encoding": "identity,deflate,gzip",
  };
}

/** For calls that set none, which are most. */
const noneSet = Object.freeze(usualHeaders());

// gRPC has no use for `date`.
const messagesFollow = { waitForTrailers: true, sendDate: false };
const nothingFollows = { endStream: true, sendDate: false };

/** Trailers of a call that succeeds and sets none. */
const okTrailers: OutgoingHttpHeaders = Object.freeze({ "grpc-status": "0" });

/** Sends the headers of a response that has messages, or may have them. */
export function sendHeaders(
  stream: ServerHttp2Stream,
  header: ResponseHeaders | undefined,
  isGzipped: boolean,
): void {
  stream.respond(
    header === undefined && !isGzipped ? noneSet : headersWith(header, isGzipped),
    messagesFollow,
  );
}

function headersWith(header: ResponseHeaders | undefined, isGzipped: boolean): OutgoingHttpHeaders {
  const headers = usualHeaders();
  if (isGzipped) headers["grpc-encoding"] = "gzip";
  header?.addTo(headers);
  return headers;
}

/** Answers a call with a status and nothing else (gRPC's "Trailers-Only"). */
export function sendStatusOnly(stream: ServerHttp2Stream, status: WireStatus): void {
  const headers = {
    ":status": 200,
    "content-type": "application/grpc+proto",
    ...trailersOf(status),
  };
  stream.respond(headers, nothingFollows);
}

/** The trailers that tell a status. */
export function trailersOf(status: WireStatus): OutgoingHttpHeaders {
  if (status === plainOk) return okTrailers;
  const { code, details, metadata } = status;
  return {
    "grpc-status": code,
    // The protocol has it for failures with a text only.
    ...(details !== "" && { "grpc-message": encodeURI(details) }),
    ...metadata.toHttp2Headers(),
  };
}
