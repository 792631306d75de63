import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { Codec, MethodKind } from "../method.ts";
import type { CallOptions } from "./client-options.ts";

interface ClientMethodsByKind<Input extends DescMessage, Output extends DescMessage> {
  unary(request: MessageInitShape<Input>, options?: CallOptions): Promise<MessageShape<Output>>;
  server_streaming(
    request: MessageInitShape<Input>,
    options?: CallOptions,
  ): AsyncIterable<MessageShape<Output>>;
  client_streaming(
    requests: AsyncIterable<MessageInitShape<Input>> | Iterable<MessageInitShape<Input>>,
    options?: CallOptions,
  ): Promise<MessageShape<Output>>;
  bidi_streaming(
    requests: AsyncIterable<MessageInitShape<Input>> | Iterable<MessageInitShape<Input>>,
    options?: CallOptions,
  ): AsyncIterable<MessageShape<Output>>;
}

/** The client method for a `MethodDefinition`. */
export type ClientMethodOf<Method> = Method extends {
  readonly kind: infer Kind extends MethodKind;
  readonly request: Codec<infer Input>;
  readonly response: Codec<infer Output>;
}
  ? ClientMethodsByKind<Input, Output>[Kind]
  : never;

/** The client methods for a `ServiceDefinition`, by local name. */
export type ClientMethods<Definition> = {
  readonly [Name in keyof Definition & string]: ClientMethodOf<Definition[Name]>;
};
