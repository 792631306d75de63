import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { maxTimeoutMs } from "../deadline.ts";

/** Protobuf messages, with or without parameters such as a charset. */
const protobufContent = /^application\/grpc(?:\+proto)?\s*(?:;|$)/;

/**
 * Corrects the headers of a request before grpc-js reads them. grpc-js would run a method for a
 * GET, or parse JSON as protobuf. Requests that the protocol does not allow lose their content type
 * here, and grpc-js answers them with the HTTP status 415.
 *
 * Relies on grpc-js reading the same `headers` object in a later `stream` listener. Fall-back if it
 * does not: requests are treated as grpc-js treats them.
 */
export function correctHeaders(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const isGrpc = headers[":method"] === "POST" && isProtobuf(headers["content-type"] ?? "");
  if (isGrpc) correctEncoding(stream, headers);
  else delete headers["content-type"];
  correctTimeout(headers);
}

function isProtobuf(type: string): boolean {
  // What most callers send, without a regular expression for each call.
  return type === "application/grpc" || protobufContent.test(type);
}

/** Encodings that grpc-js can decompress. */
const knownEncodings = ["identity", "deflate", "gzip"];

/**
 * Applies the protocol's rules of compression. A request in an unknown encoding ends with
 * UNIMPLEMENTED and a list of the known ones. A message that is marked as compressed although the
 * call has no encoding ends the call with INTERNAL.
 */
function correctEncoding(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const encoding = headers["grpc-encoding"];
  if (encoding === undefined) return;
  if (encoding === "identity") {
    // grpc-js would use the bytes of a compressed message as they are. Like this, decompression
    // fails. A list, by which we tell it from a gzip that was announced.
    headers["grpc-encoding"] = ["gzip"];
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
  // The path of no method: grpc-js answers UNIMPLEMENTED.
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
 * Removes timeouts that grpc-js would misread. It wraps them at 2^31 milliseconds, so that a
 * timeout of a hundred years may end the call at once; such a timeout is treated as none. It also
 * accepts a timeout anywhere in the text. One that is malformed by the protocol (at most eight
 * digits and a unit) is made unreadable, which grpc-js answers with INTERNAL.
 */
function correctTimeout(headers: IncomingHttpHeaders): void {
  const timeout = headers["grpc-timeout"];
  if (timeout === undefined) return;
  const ms = timeoutMsOf(timeout);
  if (ms === undefined) headers["grpc-timeout"] = "malformed";
  else if (ms > maxTimeoutMs) delete headers["grpc-timeout"];
}

/** Takes the time for which a call has waited off its timeout, which grpc-js counts from its start. */
export function shortenTimeout(headers: IncomingHttpHeaders, waitedMs: number): void {
  const ms = waitedMs < 1 ? undefined : timeoutMsOf(headers["grpc-timeout"]);
  if (ms === undefined) return;
  const leftMs = Math.max(0, Math.ceil(ms - waitedMs));
  headers["grpc-timeout"] = leftMs < 1e8 ? `${leftMs}m` : `${Math.ceil(leftMs / 1_000)}S`;
}

/** A timeout in milliseconds; undefined for none, and for one that is malformed. */
export function timeoutMsOf(timeout: unknown): number | undefined {
  if (timeout === undefined) return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(timeout));
  return match === null ? undefined : Number(match[1]) * (millisecondsOf.get(match[2] ?? "") ?? 0);
}
