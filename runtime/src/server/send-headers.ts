import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { plainOk, type WireStatus } from "../status.ts";
import type { ResponseHeaders } from "./response-headers.ts";

const plain = {
  [constants.HTTP2_HEADER_STATUS]: constants.HTTP_STATUS_OK,
  [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc+proto",
};

/** What the headers of every response have, if messages follow. */
const withMessages = {
  ...plain,
  "grpc-accept-encoding": "identity,deflate,gzip",
};

const gzipped = { ...withMessages, "grpc-encoding": "gzip" };

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
  const always = isGzipped ? gzipped : withMessages;
  const headers = header === undefined ? always : header.addTo({ ...always });
  stream.respond(headers, messagesFollow);
}

/** Answers a call with a status and nothing else (gRPC's "Trailers-Only"). */
export function sendStatusOnly(stream: ServerHttp2Stream, status: WireStatus): void {
  stream.respond({ ...plain, ...trailersOf(status) }, nothingFollows);
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
