import type { Message, Registry } from "@bufbuild/protobuf";
import {
  type CallContext,
  defineService,
  GrpcError,
  type MethodDefinition,
  type MethodKind,
  type UntypedHandler,
} from "grpc-service";
import { bindClient, type CallOptions, type ClientChannel } from "grpc-service/client";
import { isOfTransport } from "../transport-keys.ts";
import { RecordedCall, type StubJson } from "./recorded-call.ts";

/** What a proxy needs. */
export interface ProxyOptions {
  readonly channel: ClientChannel;
  readonly registry: Registry;
  /** Called with the stub that repeats a call, or one request of a bidirectional call, at its end. */
  onRecorded(stub: StubJson): void;
  /** Called for a call that passed, but cannot be a stub: it has an `Any` of an unknown type. */
  onUnrecordable(reason: string): void;
}

/** The handler of a method that passes calls on to another server, and records them. */
export function proxyHandler(method: MethodDefinition, options: ProxyOptions): UntypedHandler {
  if (isKind(method, "unary")) {
    const call = callerOf(method, options.channel);
    return (input, context) =>
      one(method, options, context, async (exchange) => {
        const request = await exchange.only(input);
        return call(request, exchange.callOptions);
      });
  }
  if (isKind(method, "client_streaming")) {
    const call = callerOf(method, options.channel);
    return (input, context) =>
      one(method, options, context, (exchange) =>
        call(exchange.requests(input), exchange.callOptions),
      );
  }
  if (isKind(method, "server_streaming")) {
    const call = callerOf(method, options.channel);
    return (input, context) =>
      many(method, options, context, async function* (exchange) {
        const request = await exchange.only(input);
        yield* call(request, exchange.callOptions);
      });
  }
  if (isKind(method, "bidi_streaming")) {
    const call = callerOf(method, options.channel);
    return (input, context) =>
      many(method, options, context, (exchange) =>
        call(exchange.requests(input), exchange.callOptions),
      );
  }
  throw new RangeError(`${method.path} is of no known kind`);
}

function isKind<Kind extends MethodKind>(
  method: MethodDefinition,
  kind: Kind,
): method is MethodDefinition<Kind> {
  return method.kind === kind;
}

/** The client method. It has no timeout of its own: the caller's deadline is passed on. */
function callerOf<Kind extends MethodKind>(method: MethodDefinition<Kind>, channel: ClientChannel) {
  const definition = defineService(method.descriptor.parent, { call: method });
  const timeouts = { unaryTimeoutMs: 0, streamTimeoutMs: 0 };
  return bindClient(definition, channel, timeouts).methods.call;
}

/** One call that passes. */
class Exchange {
  readonly callOptions: CallOptions;
  readonly #method: MethodDefinition;
  readonly #options: ProxyOptions;
  #recorded: RecordedCall | undefined;

  constructor(method: MethodDefinition, options: ProxyOptions, context: CallContext) {
    this.#method = method;
    this.#options = options;
    const metadata = context.metadata.clone();
    for (const key of Object.keys(metadata.getMap())) if (isOfTransport(key)) metadata.remove(key);
    this.callOptions = {
      metadata,
      signal: context.signal,
      ...(context.deadline !== undefined && { deadline: context.deadline }),
      onHeader: (header) => {
        this.#recorded?.onHeader(header);
        for (const [key, values] of entries(header)) {
          for (const value of values) context.setHeader(key, value);
        }
      },
      onTrailer: (trailer) => {
        this.#recorded?.onTrailer(trailer);
        for (const [key, values] of entries(trailer)) {
          for (const value of values) context.setTrailer(key, value);
        }
      },
    };
  }

  /** The one request of a call. */
  async only(input: Message | AsyncIterable<Message>): Promise<Message> {
    for await (const request of this.requests(input)) return request;
    throw new GrpcError("INTERNAL", "the call has no request");
  }

  /** The requests. Of a bidirectional call, each starts a stub; of others, the first one. */
  async *requests(input: Message | AsyncIterable<Message>): AsyncIterable<Message> {
    const isBidi = this.#method.kind === "bidi_streaming";
    const requests = Symbol.asyncIterator in input ? input : [input];
    for await (const request of requests) {
      if (isBidi) this.end();
      this.#record(() => {
        const { descriptor } = this.#method;
        this.#recorded ??= new RecordedCall(descriptor, request, this.#options.registry);
      });
      yield request;
    }
  }

  onResponse(response: Message): void {
    this.#record(() => this.#recorded?.onResponse(response));
  }

  /** The status of the call, to pass on. Calls that the caller cancelled are not recorded. */
  failed(error: unknown, { signal }: CallContext): GrpcError {
    const failure = GrpcError.from(error);
    if (signal.aborted) this.#recorded = undefined;
    this.#recorded?.onFailure(failure);
    const { code, rawMessage, details } = failure;
    return new GrpcError(code, rawMessage, { details });
  }

  /** A recording that fails does not fail the call. */
  #record(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#recorded = undefined;
      this.#options.onUnrecordable(error instanceof Error ? error.message : String(error));
    }
  }

  end(): void {
    if (this.#recorded !== undefined) this.#options.onRecorded(this.#recorded.stub);
    this.#recorded = undefined;
  }
}

function entries(metadata: CallContext["metadata"]) {
  const keys = Object.keys(metadata.getMap()).filter((key) => !isOfTransport(key));
  return keys.map((key) => [key, metadata.get(key)] as const);
}

async function one(
  method: MethodDefinition,
  options: ProxyOptions,
  context: CallContext,
  call: (exchange: Exchange) => Promise<Message>,
): Promise<Message> {
  for await (const response of many(method, options, context, async function* (exchange) {
    yield await call(exchange);
  })) {
    return response;
  }
  throw new GrpcError("INTERNAL", "the server sent no response");
}

async function* many(
  method: MethodDefinition,
  options: ProxyOptions,
  context: CallContext,
  call: (exchange: Exchange) => AsyncIterable<Message>,
): AsyncIterable<Message> {
  const exchange = new Exchange(method, options, context);
  try {
    for await (const response of call(exchange)) {
      exchange.onResponse(response);
      yield response;
    }
  } catch (error) {
    throw exchange.failed(error, context);
  } finally {
    exchange.end();
  }
}
