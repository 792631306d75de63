/**
 * Whether the messages of a call have ended in the middle of one: grpc-js drops what has arrived of
 * it, and takes the rest for all there is. So this looks, and changes nothing, where grpc-js' innermost
 * calls keep their place in the bytes; when they keep it elsewhere one day, no call is cut off.
 *
 * @param innermost the call of grpc-js below all others, of a server or a client
 */
export function isCutOff(innermost: object): boolean {
  const decoder: unknown = Reflect.get(innermost, "decoder");
  if (typeof decoder !== "object" || decoder === null) return false;
  const state: unknown = Reflect.get(decoder, "readState");
  return typeof state === "number" && state !== betweenMessages;
}

/** The state of grpc-js' decoder in which it waits for a message to begin. */
const betweenMessages = 0;
