import type { MessageInitShape } from "@bufbuild/protobuf";
import { GrpcError } from "../../../runtime/src/index.ts";
import { type PayloadSchema, PayloadType } from "../gen/grpc/testing/messages_pb.ts";

/**
 * A payload of zeros.
 *
 * @param size bytes
 * @throws GrpcError INVALID_ARGUMENT when the type is unknown or the size is negative.
 */
export function payloadOf(type: PayloadType, size: number): MessageInitShape<typeof PayloadSchema> {
  if (type !== PayloadType.COMPRESSABLE) {
    throw new GrpcError("INVALID_ARGUMENT", `no payload of type ${type}`);
  }
  if (size < 0) throw new GrpcError("INVALID_ARGUMENT", `no payload of ${size} bytes`);
  return { type, body: new Uint8Array(size) };
}
