import type { DescMessage, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { ChannelInterface } from "@grpc/grpc-js";
import { GrpcError } from "../error.ts";
import type { Codec, MethodKind, ServiceDefinition } from "../method.ts";
import { shownWhereAwaited } from "./call-failure.ts";
import { channelReady, createChannel } from "./channel.ts";
import type { AddressOptions, CallOptions, ClientTarget } from "./client-options.ts";
import { Exchange } from "./exchange.ts";
import { type ClientPlan, planMethod } from "./method-plan.ts";
import { ManyRequests, OneRequest, type UntypedInit } from "./request-side.ts";
import { ManyResponses, OneResponse } from "./response-side.ts";
import type { RequestSide } from "./sides.ts";

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

/** The client's side of a `MethodDefinition`. */
export type ClientMethodOf<Method> = Method extends {
  readonly kind: infer Kind extends MethodKind;
  readonly request: Codec<infer Input>;
  readonly response: Codec<infer Output>;
}
  ? ClientMethodsByKind<Input, Output>[Kind]
  : never;

/** The client's side of a service, by local name. */
export type ClientMethods<Definition> = {
  readonly [Name in keyof Definition & string]: ClientMethodOf<Definition[Name]>;
};

/** What a generated client class wraps. */
export interface BoundClient<Definition extends ServiceDefinition> {
  readonly methods: ClientMethods<Definition>;
  /**
   * Connects; calls do so by themselves.
   *
   * @param timeoutMs milliseconds to wait
   * @throws GrpcError UNAVAILABLE when there is no connection in time.
   */
  waitForReady(timeoutMs: number): Promise<void>;
  /** Closes the channel when the client made it; a channel that was given stays open. */
  close(): void;
}

/**
 * Makes the calls of a service.
 *
 * Methods that answer with a stream start their call when they are iterated over, once; leaving the
 * loop early cancels the call.
 *
 * @param options those of the channel count for an address only
 */
export function bindClient<Definition extends ServiceDefinition>(
  definition: Definition,
  target: ClientTarget,
  options: AddressOptions = {},
): BoundClient<Definition> {
  const channel: ChannelInterface =
    typeof target === "string"
      ? createChannel(target, { ...options, services: [definition] })
      : target;
  const methods: Record<string, UntypedClientMethod> = Object.create(null);
  for (const [localName, method] of Object.entries(definition)) {
    methods[localName] = clientMethod(planMethod(method, channel, options));
  }
  return {
    // One entry for every method of the definition, of the kind that the definition says.
    methods: methods as unknown as ClientMethods<Definition>,
    waitForReady: (timeoutMs) => channelReady(channel, timeoutMs),
    close: () => {
      if (typeof target === "string") channel.close();
    },
  };
}

/** Both shapes of input are the same to JavaScript; the kind of the method tells which it is. */
type UntypedClientMethod = (
  input: never,
  options?: CallOptions,
) => Promise<Message> | AsyncIterable<Message>;

function clientMethod(plan: ClientPlan): UntypedClientMethod {
  switch (plan.method.kind) {
    case "unary":
      return (init: UntypedInit, options) => replyTo(plan, new OneRequest(init), options);
    case "client_streaming":
      return (inits: Iterable<UntypedInit>, options) =>
        replyTo(plan, new ManyRequests(inits), options);
    case "server_streaming":
      return (init: UntypedInit, options) =>
        new ResponseIterator(plan, new OneRequest(init), options);
    case "bidi_streaming":
      return (inits: Iterable<UntypedInit>, options) =>
        new ResponseIterator(plan, new ManyRequests(inits), options);
  }
}

/** An `async` function, so that V8 finds out who waits for a reply that does not come. */
async function replyTo(
  plan: ClientPlan,
  requests: RequestSide,
  options: CallOptions = {},
): Promise<Message> {
  try {
    // What throws in here, mistakes in `options`, is a GrpcError and rejects the promise.
    return await new Promise<Message>((resolve, reject) => {
      new Exchange(plan, options, requests, new OneResponse(resolve, reject)).run();
    });
  } catch (error) {
    throw shownWhereAwaited(error);
  }
}

/** Responses of a call that starts with the first `next`, so that a stream never read costs nothing. */
class ResponseIterator implements AsyncIterableIterator<Message, undefined> {
  readonly #plan: ClientPlan;
  readonly #requests: RequestSide;
  readonly #options: CallOptions;
  readonly #responses = new ManyResponses();
  #started = false;

  constructor(plan: ClientPlan, requests: RequestSide, options: CallOptions = {}) {
    this.#plan = plan;
    this.#requests = requests;
    this.#options = options;
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    if (!this.#started) this.#start();
    return this.#responses.stream.next();
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#started = true;
    return this.#responses.stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #start(): void {
    this.#started = true;
    const responses = this.#responses;
    try {
      responses.start(new Exchange(this.#plan, this.#options, this.#requests, responses));
    } catch (error) {
      responses.stream.fail(GrpcError.from(error));
    }
  }
}
