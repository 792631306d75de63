import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../error.ts";
import type { MethodDefinition } from "../method.ts";

/** @throws GrpcError INTERNAL when the bytes are not a message of the method. */
export function decodeResponse({ response }: MethodDefinition, bytes: Buffer): Message {
  try {
    return response.decode(bytes);
  } catch (cause) {
    throw new GrpcError("INTERNAL", "response message cannot be decoded", { cause });
  }
}
