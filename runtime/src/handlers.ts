import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { CallContext } from "./call.ts";
import type { Codec, MethodKind } from "./method.ts";

/** One request, one response. */
export type UnaryHandler<Input extends DescMessage, Output extends DescMessage> = (
  request: MessageShape<Input>,
  context: CallContext,
) => Promise<MessageInitShape<Output>> | MessageInitShape<Output>;

/** One request, one response per yielded value; usually an `async function*`. */
export type ServerStreamingHandler<Input extends DescMessage, Output extends DescMessage> = (
  request: MessageShape<Input>,
  context: CallContext,
) => AsyncIterable<MessageInitShape<Output>> | Iterable<MessageInitShape<Output>>;

/** Requests to iterate over, one response. It may return before it has read all requests. */
export type ClientStreamingHandler<Input extends DescMessage, Output extends DescMessage> = (
  requests: AsyncIterable<MessageShape<Input>>,
  context: CallContext,
) => Promise<MessageInitShape<Output>> | MessageInitShape<Output>;

/**
 * Requests to iterate over, one response per yielded value. The call ends when the handler does.
 */
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

/** The handler for a `MethodDefinition`. */
export type HandlerOf<Method> = Method extends {
  readonly kind: infer Kind extends MethodKind;
  readonly request: Codec<infer Input>;
  readonly response: Codec<infer Output>;
}
  ? HandlersByKind<Input, Output>[Kind]
  : never;

/** The handlers for a `ServiceDefinition`, by local name. */
export type HandlersOf<Definition> = {
  [Name in keyof Definition & string]: HandlerOf<Definition[Name]>;
};
