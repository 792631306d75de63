import type { ChannelInterface } from "@grpc/grpc-js";
import {
  bindClient,
  type CallContext,
  type CallOptions,
  defineService,
  healthServiceDefinition,
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

/** Implements all four methods alike: each does `work` and sends one reply. */
export function implementPatterns(work: (context: CallContext) => unknown): ServiceRegistration {
  return implement(patterns, {
    async unary(_request, context) {
      await work(context);
      return {};
    },
    async *serverStreaming(_request, context) {
      await work(context);
      yield {};
    },
    async clientStreaming(_requests, context) {
      await work(context);
      return {};
    },
    async *bidiStreaming(_requests, context) {
      await work(context);
      yield {};
    },
  });
}

/** A call of each pattern by its name, for `test.each`; resolves once the call has ended. */
export const patternCalls: readonly [
  name: string,
  call: (channel: ChannelInterface, options?: CallOptions) => Promise<void>,
][] = [
  [
    "Unary",
    async (channel, options) => {
      await bindClient(patterns, channel).methods.unary({}, options);
    },
  ],
  [
    "ServerStreaming",
    async (channel, options) => {
      await drain(bindClient(patterns, channel).methods.serverStreaming({}, options));
    },
  ],
  [
    "ClientStreaming",
    async (channel, options) => {
      await bindClient(patterns, channel).methods.clientStreaming([{}], options);
    },
  ],
  [
    "BidiStreaming",
    async (channel, options) => {
      await drain(bindClient(patterns, channel).methods.bidiStreaming([{}], options));
    },
  ],
];

async function drain(replies: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of replies);
}
