import { Writable } from "node:stream";

/** The HTTP/2 stream that carries the responses of a call. */
export interface ResponseTarget {
  readonly stream: Writable;
  /** The connection of the stream: a key for what is kept per connection. */
  readonly session: object;
  /** Size limit of a response in bytes; -1 means no limit. */
  readonly maxMessageBytes: number;
}

/**
 * Where the responses of a call go, so that the caller writes them itself: in parts, so that it knows
 * how far a slow peer has read, and without the copy that grpc-js makes. grpc-js still sends header
 * and status; its status follows what was written before it.
 *
 * Reads the private fields `stream`, `maxSendMessageSize` and `callEventTracker` of
 * `BaseServerInterceptingCall`. Fall-back when one of them is missing or unexpected: undefined, and
 * grpc-js sends the messages. It also does so when it counts messages for channelz.
 *
 * @param call the innermost call of grpc-js
 */
export function responseTargetOf(call: object): ResponseTarget | undefined {
  const stream: unknown = Reflect.get(call, "stream");
  const maxMessageBytes: unknown = Reflect.get(call, "maxSendMessageSize");
  if (!(stream instanceof Writable) || typeof maxMessageBytes !== "number") return undefined;
  if (Reflect.get(call, "callEventTracker") !== null) return undefined;
  const session: unknown = Reflect.get(stream, "session");
  if (typeof session !== "object" || session === null) return undefined;
  return { stream, session, maxMessageBytes };
}
