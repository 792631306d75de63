import { create } from "@bufbuild/protobuf";
import { Metadata } from "@grpc/grpc-js";
import { expect, expectTypeOf, test } from "vitest";
import {
  type CallContext,
  createContextKey,
  GrpcError,
  type ServerCall,
} from "../../../runtime/src/index.ts";
import { callerOf, identityOf } from "../../../runtime/src/interceptors/index.ts";
import { createTestContext } from "../../../runtime/src/testing/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { EchoRequestSchema } from "../gen/echo_pb.ts";

test("every field has a default", () => {
  const context = createTestContext();
  expect(context.method.kind).toBe("unary");
  expect(context.metadata.getMap()).toEqual({});
  expect(context.peer).toBe("127.0.0.1:0");
  expect(context.authority).toBe("localhost");
  expect(context.deadline).toBeUndefined();
  expect(context.requestId).toBe("test");
  expect(context.signal.aborted).toBe(false);
  expect(context.headers.getMap()).toEqual({});
  expect(context.trailers.getMap()).toEqual({});
  expect(callerOf(context)).toBeUndefined();
  expect(() => identityOf(context)).toThrow(expect.objectContaining({ code: "UNAUTHENTICATED" }));
});

test("every field can be set", () => {
  const deadline = new Date("2030-01-01T00:00:00Z");
  const context = createTestContext({
    method: echoDefinition.bidi,
    metadata: { "x-tenant": "acme", "trace-bin": Buffer.from([1, 2]) },
    peer: "10.0.0.1:1234",
    authority: "users:50051",
    deadline,
    requestId: "order-42",
    identity: { subject: "ada", scopes: ["users.read"] },
  });
  expect(context.method).toBe(echoDefinition.bidi);
  expect(context.authority).toBe("users:50051");
  expect(context.metadata.get("x-tenant")).toEqual(["acme"]);
  expect(context.metadata.get("trace-bin")).toEqual([Buffer.from([1, 2])]);
  expect(context.peer).toBe("10.0.0.1:1234");
  expect(context.deadline).toBe(deadline);
  expect(context.requestId).toBe("order-42");
  expect(identityOf(context)).toEqual({ subject: "ada", scopes: ["users.read"] });
});

test("metadata may be a Metadata, which is copied", () => {
  const metadata = new Metadata();
  metadata.add("x-tenant", "acme");
  const context = createTestContext({ metadata });
  metadata.add("x-tenant", "other");
  expect(context.metadata.get("x-tenant")).toEqual(["acme"]);
});

test("values are set as interceptors set them", () => {
  const tenant = createContextKey("tenant", "none");
  const context = createTestContext();
  expect(context.get(tenant)).toBe("none");
  context.set(tenant, "acme");
  expect(context.get(tenant)).toBe("acme");
  expect(createTestContext().get(tenant)).toBe("none");
});

test("headers and trailers can be read back", () => {
  const context = createTestContext();
  context.setHeader("X-Cache", "miss");
  context.setHeader("x-cache", "stale");
  context.setHeader("digest-bin", Buffer.from([1, 2]));
  context.setTrailer("x-rows", "7");
  expect(context.headers.get("x-cache")).toEqual(["miss", "stale"]);
  expect(context.headers.get("digest-bin")).toEqual([Buffer.from([1, 2])]);
  expect(context.trailers.getMap()).toEqual({ "x-rows": "7" });
});

test.each([
  ["a reserved key", "grpc-status", "0", 'metadata key "grpc-status" is reserved'],
  ["an illegal key", "x tenant", "acme", 'metadata key "x tenant" contains illegal characters'],
  ["an illegal value", "x-tenant", "line\nbreak", /illegal characters/],
  ["bytes under a key for text", "x-tenant", Buffer.from([1]), /-bin/],
])("%s is refused in headers and trailers", (_what, key, value, message) => {
  const context = createTestContext();
  expect(() => context.setHeader(key, value)).toThrow(message);
  expect(() => context.setTrailer(key, value)).toThrow(message);
  expect(context.headers.getMap()).toEqual({});
  expect(context.trailers.getMap()).toEqual({});
});

test("abort ends the call as if the caller had cancelled it", () => {
  const context = createTestContext();
  const reasons: unknown[] = [];
  context.signal.addEventListener("abort", () => reasons.push(context.signal.reason));
  context.abort();
  expect(context.signal.aborted).toBe(true);
  expect(reasons).toEqual([expect.objectContaining({ code: "CANCELLED" })]);
  expect(reasons[0]).toBeInstanceOf(GrpcError);
});

test("abort takes another reason, the first reason stays", () => {
  const context = createTestContext();
  const reason = new GrpcError("DEADLINE_EXCEEDED", "too late");
  context.abort(reason);
  context.abort();
  expect(context.signal.reason).toBe(reason);
});

test("a handler runs with it", async () => {
  const unary: EchoHandlers["unary"] = async ({ text }, context) => {
    context.setTrailer("x-length", String(text.length));
    return { text: `${identityOf(context).subject}: ${text}` };
  };
  const context = createTestContext({ identity: { subject: "ada", scopes: [] } });
  const response = await unary(create(EchoRequestSchema, { text: "hello" }), context);
  expect(response).toEqual({ text: "ada: hello" });
  expect(context.trailers.get("x-length")).toEqual(["5"]);
  expectTypeOf(context).toExtend<CallContext>();
  expectTypeOf(context.set).toEqualTypeOf<ServerCall["set"]>();
});
