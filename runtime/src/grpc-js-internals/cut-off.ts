/**
 * Whether the messages of a call ended in the middle of one. grpc-js drops such a partial message
 * and treats the messages before it as the whole stream.
 *
 * Reads the private field `decoder` of grpc-js' innermost calls (`BaseServerInterceptingCall`,
 * `Http2SubchannelCall`) and its private `readState`. Fall-back without them: false, so no call
 * counts as cut off and grpc-js' own behaviour remains.
 *
 * @param innermost the call of grpc-js below all interceptors, on a server or a client
 */
export function isCutOff(innermost: object): boolean {
  const decoder: unknown = Reflect.get(innermost, "decoder");
  if (typeof decoder !== "object" || decoder === null) return false;
  const state: unknown = Reflect.get(decoder, "readState");
  return typeof state === "number" && state !== betweenMessages;
}

/** `ReadState.NO_DATA`: the decoder waits for a message to begin. */
const betweenMessages = 0;
