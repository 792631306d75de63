import type { Message } from "@bufbuild/protobuf";
import type { MethodDefinition as GrpcJsMethod } from "@grpc/grpc-js";
import type { MethodDefinition, MethodKind } from "../method.ts";

/** A method with two code generators: values of the old one to and from messages. */
export interface OldMethod {
  readonly kind: MethodKind;
  request(message: Message): unknown;
  response(value: unknown): Message;
}

/** @param old the definition of the same method for grpc-js */
export function oldMethod(
  method: MethodDefinition,
  old: GrpcJsMethod<unknown, unknown>,
): OldMethod {
  return {
    kind: method.kind,
    request: (message) => old.requestDeserialize(method.requestSerialize(message)),
    response: (value) => method.responseDeserialize(old.responseSerialize(value)),
  };
}
