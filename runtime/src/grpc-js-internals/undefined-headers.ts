import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";

/** Whether the http2 of this program refuses headers without a value, which Node's skips. */
const refusesUndefined = "bun" in process.versions;

/**
 * Leaves out response headers and trailers without a value, where that is needed: in Bun. We set
 * `grpc-message` to undefined to keep grpc-js from sending an empty one, see `TextlessTrailers`.
 *
 * Replaces `respond` and `sendTrailers`, which grpc-js calls. Fall-back if it does not: such a call
 * fails in Bun.
 */
export function skipUndefinedHeaders(
  stream: ServerHttp2Stream,
  needed: boolean = refusesUndefined,
): void {
  if (!needed) return;
  const respond = stream.respond.bind(stream);
  const sendTrailers = stream.sendTrailers.bind(stream);
  stream.respond = (headers, options) =>
    respond(isPlain(headers) ? defined(headers) : headers, options);
  stream.sendTrailers = (trailers) => sendTrailers(defined(trailers));
}

function isPlain(headers: unknown): headers is OutgoingHttpHeaders {
  return typeof headers === "object" && headers !== null && !Array.isArray(headers);
}

function defined(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
