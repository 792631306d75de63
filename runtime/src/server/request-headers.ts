import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { maxTimeoutMs } from "../deadline.ts";

/** Messages as protobuf, with or without parameters such as a charset. */
const protobufContent = /^application\/grpc(?:\+proto)?\s*(?:;|$)/;

/**
 * Mends the headers of a request before grpc-js sees them. It would run a method for a GET, or take
 * JSON for protobuf: what the protocol over HTTP/2 does not allow loses its content type, which
 * grpc-js answers with the HTTP status 415.
 */
export function correctHeaders(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const isGrpc =
    headers[":method"] === "POST" && protobufContent.test(headers["content-type"] ?? "");
  if (isGrpc) correctEncoding(stream, headers);
  else delete headers["content-type"];
  correctTimeout(headers);
}

/** What grpc-js can decompress. */
const knownEncodings = ["identity", "deflate", "gzip"];

/**
 * Makes grpc-js keep to the protocol's rules of compression: a request in an encoding that the server
 * does not know ends with UNIMPLEMENTED and is told those it does, and a message that says it is
 * compressed without any encoding ends its call with INTERNAL.
 */
function correctEncoding(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const encoding = headers["grpc-encoding"];
  if (encoding === undefined) return;
  if (encoding === "identity") {
    // grpc-js takes the bytes of a compressed message as they are; so it fails to decompress them.
    headers["grpc-encoding"] = "gzip";
  } else if (typeof encoding !== "string" || !knownEncodings.includes(encoding)) {
    refuseEncoding(stream, headers);
  }
}

function refuseEncoding(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const respond = stream.respond.bind(stream);
  stream.respond = (response, options) =>
    respond(
      {
        ...response,
        "grpc-message": "the request is compressed in a way that is not supported",
        "grpc-accept-encoding": knownEncodings.join(),
      },
      options,
    );
  // Of no method: grpc-js runs nothing, and answers UNIMPLEMENTED.
  headers[":path"] = "/";
}

const millisecondsOf = new Map([
  ["H", 3_600_000],
  ["M", 60_000],
  ["S", 1_000],
  ["m", 1],
  ["u", 0.001],
  ["n", 0.000_001],
]);

/**
 * Takes out of the request headers what grpc-js would misread. It wraps timeouts at 2^31
 * milliseconds, so that one of a hundred years may end the call at once: a timeout that long is
 * none. And it looks for a timeout anywhere in the text: one that is malformed by the protocol (at
 * most eight digits and a unit) is made unreadable, which grpc-js answers with INTERNAL.
 */
function correctTimeout(headers: IncomingHttpHeaders): void {
  const timeout = headers["grpc-timeout"];
  if (timeout === undefined) return;
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(timeout));
  if (match === null) {
    headers["grpc-timeout"] = "malformed";
    return;
  }
  const ms = Number(match[1]) * (millisecondsOf.get(match[2] ?? "") ?? 0);
  if (ms > maxTimeoutMs) delete headers["grpc-timeout"];
}
