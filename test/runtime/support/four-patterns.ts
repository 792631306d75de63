import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { ChannelInterface } from "@grpc/grpc-js";
import {
  bindClient,
  type CallOptions,
  type ClientOptions,
} from "../../../runtime/src/client/index.ts";
import { healthServiceDefinition } from "../../../runtime/src/health/index.ts";
import {
  type CallContext,
  defineService,
  GrpcError,
  implement,
  type MethodKind,
  type ServiceRegistration,
  serviceDescriptor,
} from "../../../runtime/src/index.ts";

/**
 * A service with one method of each pattern, as interceptors must treat all patterns alike. Its messages
 * are those of the health service.
 */
export const patterns = defineService(healthServiceDefinition[serviceDescriptor], {
  unary: pattern("Unary", "unary"),
  serverStreaming: pattern("ServerStreaming", "server_streaming"),
  clientStreaming: pattern("ClientStreaming", "client_streaming"),
  bidiStreaming: pattern("BidiStreaming", "bidi_streaming"),
});

export const patternMethods = Object.values(patterns);

function pattern<Kind extends MethodKind>(name: string, kind: Kind) {
  return {
    ...healthServiceDefinition.check,
    service: "test.Patterns",
    name,
    kind,
    path: `/test.Patterns/${name}`,
    requestStream: kind === "client_streaming" || kind === "bidi_streaming",
    responseStream: kind === "server_streaming" || kind === "bidi_streaming",
  };
}

/** The same methods with another descriptor of the request, for example one with rules. */
export function patternsTaking(input: DescMessage): typeof patterns {
  const taking = <Method extends { readonly descriptor: DescMethod }>(method: Method): Method => ({
    ...method,
    descriptor: { ...method.descriptor, input },
  });
  return defineService(patterns[serviceDescriptor], {
    unary: taking(patterns.unary),
    serverStreaming: taking(patterns.serverStreaming),
    clientStreaming: taking(patterns.clientStreaming),
    bidiStreaming: taking(patterns.bidiStreaming),
  });
}

/** Implements all four methods: each reads all requests, does `work` and sends one response. */
export function implementPatterns(
  work: (context: CallContext) => unknown,
  definition = patterns,
): ServiceRegistration {
  return implement(definition, {
    async unary(_request, context) {
      await work(context);
      return {};
    },
    async *serverStreaming(_request, context) {
      await work(context);
      yield {};
    },
    async clientStreaming(requests, context) {
      await drain(requests);
      await work(context);
      return {};
    },
    async *bidiStreaming(requests, context) {
      await drain(requests);
      await work(context);
      yield {};
    },
  });
}

/** Options of a call, and its request. */
interface PatternOptions extends CallOptions {
  /** The request; in a stream of requests an empty one precedes it. */
  readonly request?: { readonly service?: string };
  readonly interceptors?: NonNullable<ClientOptions["interceptors"]>;
}

/** Makes a call and reads all its responses. */
export type PatternCall = (channel: ChannelInterface, options?: PatternOptions) => Promise<void>;

export const unaryCall: PatternCall = async (channel, given = {}) => {
  const { request = {}, interceptors = [], ...options } = given;
  await bindClient(patterns, channel, { interceptors }).methods.unary(request, options);
};

const serverStreamingCall: PatternCall = async (channel, given = {}) => {
  const { request = {}, interceptors = [], ...options } = given;
  const { methods } = bindClient(patterns, channel, { interceptors });
  await drain(methods.serverStreaming(request, options));
};

const clientStreamingCall: PatternCall = async (channel, given = {}) => {
  const { request = {}, interceptors = [], ...options } = given;
  const { methods } = bindClient(patterns, channel, { interceptors });
  await methods.clientStreaming([{}, request], options);
};

const bidiStreamingCall: PatternCall = async (channel, given = {}) => {
  const { request = {}, interceptors = [], ...options } = given;
  const { methods } = bindClient(patterns, channel, { interceptors });
  await drain(methods.bidiStreaming([{}, request], options));
};

/** The name of each method with its call, for `test.each`. */
export const patternCalls: readonly [name: string, call: PatternCall][] = [
  ["Unary", unaryCall],
  ["ServerStreaming", serverStreamingCall],
  ["ClientStreaming", clientStreamingCall],
  ["BidiStreaming", bidiStreamingCall],
];

/** How a call ended: `OK` or the code of its failure. */
export async function outcomeOf(call: Promise<void>): Promise<string> {
  return await call.then(
    () => "OK",
    (error: unknown) => GrpcError.from(error).code,
  );
}

/** The failure of a call. @throws Error when the call succeeds. */
export async function failureOf(call: Promise<void>): Promise<GrpcError> {
  const failure = await call.then(() => undefined, GrpcError.from);
  if (failure === undefined) throw new Error("the call succeeded");
  return failure;
}

async function drain(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}
