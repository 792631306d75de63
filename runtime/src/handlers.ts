import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { CallContext } from "./call.ts";
import type { Codec, MethodKind } from "./method.ts";

/** One request, one response. */
export type UnaryHandler<Input extends DescMessage, Output extends DescMessage> = (
  request: MessageShape<Input>,
  context: CallContext,
) => Promise<MessageInitShape<Output>> | MessageInitShape<Output>;

/** One request, a response per value yielded; mostly an `async function*`. */
export type ServerStreamingHandler<Input extends DescMessage, Output extends DescMessage> = (
  request: MessageShape<Input>,
  context: CallContext,
) => AsyncIterable<MessageInitShape<Output>> | Iterable<MessageInitShape<Output>>;

/** Requests to iterate over, one response. It may answer before it has read them all. */
export type ClientStreamingHandler<Input extends DescMessage, Output extends DescMessage> = (
  requests: AsyncIterable<MessageShape<Input>>,
  context: CallContext,
) => Promise<MessageInitShape<Output>> | MessageInitShape<Output>;

/** Both directions, independent of each other; the call ends when the handler does. */
export type BidiStreamingHandler<Input extends DescMessage, Output extends DescMessage> = (
  requests: AsyncIterable<MessageShape<Input>>,
  context: CallContext,
) => AsyncIterable<MessageInitShape<Output>> | Iterable<MessageInitShape<Output>>;

interface HandlersByKind<Input extends DescMessage, Output extends DescMessage> {
  unary: UnaryHandler<Input, Output>;
  server_streaming: ServerStreamingHandler<Input, Output>;
  client_streaming: ClientStreamingHandler<Input, Output>;
  bidi_streaming: BidiStreamingHandler<Input, Output>;
}

/** The handler that a `MethodDefinition` asks for. */
export type HandlerOf<Method> = Method extends {
  readonly kind: infer Kind extends MethodKind;
  readonly request: Codec<infer Input>;
  readonly response: Codec<infer Output>;
}
  ? HandlersByKind<Input, Output>[Kind]
  : never;

/** The handlers that a `ServiceDefinition` asks for, by local name. */
export type HandlersOf<Definition> = {
  [Name in keyof Definition & string]: HandlerOf<Definition[Name]>;
};
