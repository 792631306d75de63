import type { Metadata } from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { requestId } from "../src/interceptors/request-id.ts";
import { implementPatterns, patternCalls } from "./four-patterns.ts";
import { startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
let seen: string[];
afterEach(() => server.close());

async function start(): Promise<void> {
  seen = [];
  const services = [implementPatterns(({ requestId }) => seen.push(requestId))];
  server = await startTestServer(services, [requestId({ serverVersion: "1.2.3" })]);
}

test.each(patternCalls)("%s: a good id reaches the handler and comes back", async (_name, call) => {
  await start();
  let header: Metadata | undefined;
  await call(server.channel, {
    metadata: { "x-request-id": "order-42" },
    onHeader: (received) => {
      header = received;
    },
  });
  expect(seen).toEqual(["order-42"]);
  expect(header?.get("x-request-id")).toEqual(["order-42"]);
  expect(header?.get("server-version")).toEqual(["1.2.3"]);
});

test.each(patternCalls)("%s: a refused call has its id, too", async (_name, call) => {
  const refuse = async () => {
    throw new GrpcError("PERMISSION_DENIED", "not you");
  };
  const chain = [requestId({ serverVersion: "1.2.3" }), refuse];
  server = await startTestServer([implementPatterns(() => {})], chain);
  const failure = await call(server.channel, { metadata: { "x-request-id": "order-42" } }).then(
    () => undefined,
    GrpcError.from,
  );
  expect(failure?.metadata.get("x-request-id")).toEqual(["order-42"]);
});

test("without an id, each call gets its own", async () => {
  await start();
  for (const [, call] of patternCalls) await call(server.channel);
  expect(new Set(seen).size).toBe(patternCalls.length);
  for (const id of seen) expect(id).toMatch(/^[0-9a-f-]{36}$/);
});

test.each(["", "two words", '"level":"fatal"', "x".repeat(129)])(
  "an id that could forge a line of the log is replaced: %j",
  async (id) => {
    await start();
    for (const [, call] of patternCalls) {
      await call(server.channel, { metadata: { "x-request-id": id } });
    }
    expect(seen).toHaveLength(patternCalls.length);
    expect(seen).not.toContain(id);
  },
);
