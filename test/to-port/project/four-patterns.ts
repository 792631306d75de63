import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { ChannelInterface } from "@grpc/grpc-js";
import { bindClient, type CallOptions } from "../src/gen/runtime/client/index.ts";
import { healthServiceDefinition } from "../src/gen/runtime/health/index.ts";
import {
  type CallContext,
  type ClientInterceptor,
  defineService,
  implement,
  type MethodKind,
  type ServiceRegistration,
  serviceDescriptor,
} from "../src/gen/runtime/index.ts";

/**
 * A service with one method of each pattern, whatever protos this project has: interceptors must
 * treat all patterns alike. Its messages are those of the health service.
 */
const patterns = defineService(healthServiceDefinition[serviceDescriptor], {
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

/** The same methods with another descriptor of the request, such as one with rules. */
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

/** Implements all four methods alike: each reads all requests, does `work` and sends one reply. */
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

/** What a call is made with: options, and what its requests say. */
interface PatternOptions extends CallOptions {
  /** The request; in a stream of requests it follows an empty one. */
  readonly request?: { readonly service?: string };
  readonly interceptors?: readonly ClientInterceptor[];
}

/** A call of each pattern by its name, for `test.each`; resolves once the call has ended. */
export const patternCalls: readonly [
  name: string,
  call: (channel: ChannelInterface, options?: PatternOptions) => Promise<void>,
][] = [
  [
    "Unary",
    async (channel, { request = {}, interceptors = [], ...options } = {}) => {
      await bindClient(patterns, channel, { interceptors }).methods.unary(request, options);
    },
  ],
  [
    "ServerStreaming",
    async (channel, { request = {}, interceptors = [], ...options } = {}) => {
      const { methods } = bindClient(patterns, channel, { interceptors });
      await drain(methods.serverStreaming(request, options));
    },
  ],
  [
    "ClientStreaming",
    async (channel, { request = {}, interceptors = [], ...options } = {}) => {
      const { methods } = bindClient(patterns, channel, { interceptors });
      await methods.clientStreaming([{}, request], options);
    },
  ],
  [
    "BidiStreaming",
    async (channel, { request = {}, interceptors = [], ...options } = {}) => {
      const { methods } = bindClient(patterns, channel, { interceptors });
      await drain(methods.bidiStreaming([{}, request], options));
    },
  ],
];

async function drain(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}
