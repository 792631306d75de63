import type { IncomingHttpHeaders } from "node:http2";
import { correctTimeout } from "./received-timeout.ts";

/** Messages as protobuf, with or without parameters such as a charset. */
const protobufContent = /^application\/grpc(?:\+proto)?\s*(?:;|$)/;

/**
 * Mends the headers of a request before grpc-js sees them. It would run a method for a GET, or take
 * JSON for protobuf: what the protocol over HTTP/2 does not allow loses its content type, which
 * grpc-js answers with the HTTP status 415.
 */
export function correctHeaders(headers: IncomingHttpHeaders): void {
  const isGrpc =
    headers[":method"] === "POST" && protobufContent.test(headers["content-type"] ?? "");
  if (!isGrpc) delete headers["content-type"];
  correctTimeout(headers);
}
