import type { ChannelInterface, Metadata } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { requestId } from "../../../runtime/src/interceptors/index.ts";
import { failureOf, implementPatterns, patternCalls, unaryCall } from "../support/four-patterns.ts";
import { serve } from "../support/serve.ts";

async function start(
  interceptor = requestId({ serverVersion: "1.2.3" }),
): Promise<{ channel: ChannelInterface; seen: string[] }> {
  const seen: string[] = [];
  const handlers = implementPatterns(({ requestId }) => seen.push(requestId));
  const { channel } = await serve([handlers], [interceptor]);
  return { channel, seen };
}

test.each(patternCalls)("%s: a safe id is kept and sent back", async (_name, call) => {
  const { channel, seen } = await start();
  let header: Metadata | undefined;
  await call(channel, {
    metadata: { "x-request-id": "order-42" },
    onHeader: (received) => {
      header = received;
    },
  });
  expect(seen).toEqual(["order-42"]);
  expect(header?.get("x-request-id")).toEqual(["order-42"]);
  expect(header?.get("server-version")).toEqual(["1.2.3"]);
});

test.each(patternCalls)("%s: the id of a refused call is sent back", async (_name, call) => {
  const refuse = async () => {
    throw new GrpcError("PERMISSION_DENIED", "not you");
  };
  const interceptors = [requestId({ serverVersion: "1.2.3" }), refuse];
  const { channel } = await serve([implementPatterns(() => {})], interceptors);
  const failure = await failureOf(call(channel, { metadata: { "x-request-id": "order-42" } }));
  expect(failure.metadata.get("x-request-id")).toEqual(["order-42"]);
});

test("a call without an id gets one of its own", async () => {
  const { channel, seen } = await start();
  for (const [, call] of patternCalls) await call(channel);
  expect(new Set(seen).size).toBe(patternCalls.length);
  for (const id of seen) expect(id).toMatch(/^[0-9a-f-]{36}$/);
});

test.each(["", "two words", '"level":"fatal"', "x".repeat(129)])(
  "an id that could forge a log line is replaced: %j",
  async (id) => {
    const { channel, seen } = await start();
    for (const [, call] of patternCalls) {
      await call(channel, { metadata: { "x-request-id": id } });
    }
    expect(seen).toHaveLength(patternCalls.length);
    expect(seen).not.toContain(id);
  },
);

test("ids can be created by a function of the project", async () => {
  const { channel, seen } = await start(requestId({ serverVersion: "1", create: () => "id-1" }));
  await unaryCall(channel);
  expect(seen).toEqual(["id-1"]);
});
