/**
 * Thrown by compiled codecs for invalid values, malformed bytes and rare cases. protobuf-es then encodes or
 * decodes the whole message, so that results and errors are its own. One object, without a stack, so that
 * hostile bytes do not make it expensive.
 */
const slowPath: unknown = Object.freeze({ reason: "left to protobuf-es" });

/** Leaves the message to protobuf-es. */
export function leave(): never {
  throw slowPath;
}
