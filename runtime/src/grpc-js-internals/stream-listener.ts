import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";

/** Runs the call of a stream. */
export type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/**
 * Takes from an HTTP/2 server the listener with which grpc-js runs calls, so that a call runs when
 * the listener is called rather than when its headers arrive.
 *
 * Relies on grpc-js having one `stream` listener per HTTP/2 server, which reads nothing else of the
 * event than stream and headers. Fall-back when there is another number of listeners: undefined, and
 * calls run when they arrive.
 */
export function takeStreamListener(http2Server: Http2Server): StreamListener | undefined {
  const [listener, another] = http2Server.listeners("stream");
  if (listener === undefined || another !== undefined) return undefined;
  http2Server.removeAllListeners("stream");
  return (stream, headers) => void Reflect.apply(listener, http2Server, [stream, headers]);
}
