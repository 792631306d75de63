/**
 * Thrown by compiled codecs for whatever they leave to protobuf-es: invalid values and bytes, and what is
 * rare. The whole message is then encoded or decoded by protobuf-es, so that results and errors are
 * its own. One object, without a stack: bytes of a stranger must not make it expensive.
 */
const slowPath: unknown = Object.freeze({ reason: "left to protobuf-es" });

/** Leaves the message to protobuf-es. */
export function leave(): never {
  throw slowPath;
}
