import type { MessageInitShape } from "@bufbuild/protobuf";
import type * as grpc from "@grpc/grpc-js";
import { expectTypeOf, test } from "vitest";
import { type BoundClient, bindClient, createChannel } from "../../runtime/src/client/index.ts";
import {
  createContextKey,
  defineMethod,
  GrpcError,
  type HandlersOf,
  implement,
  type ServerCall,
  type ServiceDefinition,
} from "../../runtime/src/index.ts";
import { EchoClient } from "./gen/echo_client.ts";
import { type EchoHandlers, echoDefinition } from "./gen/echo_grpc.ts";
import { Echo, type EchoReply, type EchoReplySchema, type EchoRequest } from "./gen/echo_pb.ts";

type Methods = BoundClient<typeof echoDefinition>["methods"];

// What is written here is checked by the compiler; nothing of it runs.
function neverRun(call: ServerCall): void {
  // @ts-expect-error: a handler answers with an initializer of the response
  implement(echoDefinition, { unary: async () => ({ unknown: 1 }) });
  // @ts-expect-error: a streaming handler answers with an iterable
  implement(echoDefinition, { serverStream: async () => ({}) });
  // @ts-expect-error: there is no such method
  implement(echoDefinition, { nosuch: async () => ({}) });
  // @ts-expect-error: there is no such code
  new GrpcError("OK", "");
  // @ts-expect-error: the value has the type of the key
  call.set(createContextKey("n", 0), "text");
  // @ts-expect-error: the codec is for another message type
  defineMethod(Echo.method.unary, echoDefinition.unary.response);
  // @ts-expect-error: requests of a stream are iterable
  bindClient(echoDefinition, "x").methods.clientStream({});
  new EchoClient("x", { resilience: { retry: false }, unaryTimeoutMs: 1 });
  new EchoClient(createChannel("x"), { unaryTimeoutMs: 1 });
  // @ts-expect-error: retries are a setting of the channel, which is made already
  new EchoClient(createChannel("x"), { resilience: { retry: false } });
}

test("types follow from the descriptors", () => {
  expectTypeOf(neverRun).toBeFunction();
  expectTypeOf(echoDefinition.unary.kind).toEqualTypeOf<"unary">();
  expectTypeOf(echoDefinition).toExtend<ServiceDefinition>();
  expectTypeOf(echoDefinition).toExtend<grpc.ServiceDefinition>();
  expectTypeOf<EchoHandlers>().toExtend<HandlersOf<typeof echoDefinition>>();
  expectTypeOf<
    Parameters<HandlersOf<typeof echoDefinition>["unary"]>[0]
  >().toEqualTypeOf<EchoRequest>();
  expectTypeOf<ReturnType<Methods["unary"]>>().toEqualTypeOf<Promise<EchoReply>>();
  expectTypeOf<ReturnType<Methods["bidi"]>>().toEqualTypeOf<AsyncIterable<EchoReply>>();
  expectTypeOf<MessageInitShape<typeof EchoReplySchema>>().toExtend<
    Awaited<ReturnType<EchoHandlers["unary"]>>
  >();
});
