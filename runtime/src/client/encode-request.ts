import { GrpcError, textOf } from "../error.ts";

interface Encoder<Init> {
  encode(message: Init): Buffer;
}

/** @throws GrpcError INTERNAL that names the field, when one has a value outside of its type. */
export function encodeRequest<Init>(encoder: Encoder<Init>, message: Init): Buffer {
  try {
    return encoder.encode(message);
  } catch (cause) {
    throw new GrpcError("INTERNAL", `the request cannot be encoded: ${textOf(cause)}`, { cause });
  }
}
