import type { ClientHttp2Stream } from "node:http2";
import { Duplex } from "node:stream";
import { isObject, property } from "./property.ts";

/** What lies under a call of a channel. */
export interface ClientStream {
  /** The call of grpc-js that reads from the stream. */
  readonly innermost: object;
  readonly stream: ClientHttp2Stream;
}

/**
 * The HTTP/2 stream of a call, once its response headers have arrived.
 *
 * Follows private fields through grpc-js' layers: `ResolvingCall.child`,
 * `RetryingCall.underlyingCalls[committedCallIndex].call`, `LoadBalancingCall.child`,
 * `Http2SubchannelCall.http2Stream`. Fall-back when one of them is missing, or for a call that is
 * not a channel's: undefined.
 */
export function clientStreamOf(call: object): ClientStream | undefined {
  const retrying = property(call, "child");
  const attempts = property(retrying, "underlyingCalls");
  const attempt = property(attempts, property(retrying, "committedCallIndex"));
  const innermost = property(property(attempt, "call"), "child");
  const stream = property(innermost, "http2Stream");
  return isObject(innermost) && isHttp2Stream(stream) ? { innermost, stream } : undefined;
}

function isHttp2Stream(value: unknown): value is ClientHttp2Stream {
  return value instanceof Duplex && "rstCode" in value;
}
