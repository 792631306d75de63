import { Readable } from "node:stream";

/** The HTTP/2 stream that carries the requests of a call. */
export interface ServerStream {
  readonly stream: Readable;
  /** The connection of the stream: a key for what is kept per connection. */
  readonly session: object;
  /** Size limit of a request in bytes; -1 means no limit. */
  readonly maxMessageBytes: number;
}

/**
 * Takes the HTTP/2 stream of a call over from grpc-js, so that the caller reads the requests
 * itself. In grpc-js, reading costs more per message of a large upload than everything else
 * together. grpc-js still handles the rest of the call: responses, deadline and the end.
 *
 * Reads the private fields `stream`, `maxReceiveMessageSize`, `incomingEncoding` and
 * `callEventTracker` of `BaseServerInterceptingCall`, and removes grpc-js' `data` listener.
 * Fall-back when one of them is missing or unexpected: undefined, and grpc-js keeps reading. It
 * also keeps reading when requests are compressed or when it counts messages for channelz.
 *
 * @param call the innermost call of grpc-js, before anything was read from it
 */
export function takeOverStream(call: object): ServerStream | undefined {
  const stream: unknown = Reflect.get(call, "stream");
  const maxMessageBytes: unknown = Reflect.get(call, "maxReceiveMessageSize");
  if (!(stream instanceof Readable) || typeof maxMessageBytes !== "number") return undefined;
  if (Reflect.get(call, "incomingEncoding") !== "identity") return undefined;
  if (Reflect.get(call, "callEventTracker") !== null) return undefined;
  if (stream.listenerCount("data") !== 1) return undefined;
  const session: unknown = Reflect.get(stream, "session");
  if (typeof session !== "object" || session === null) return undefined;
  stream.removeAllListeners("data");
  return { stream, session, maxMessageBytes };
}
