import { expect, test } from "vitest";
import { bearer, metadata } from "../../../../runtime/src/client/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../../support/four-patterns.ts";
import { serve } from "../../support/serve.ts";

/** Serves the patterns and keeps the metadata of each call. */
async function startRecording() {
  const received: Record<string, unknown>[] = [];
  const handlers = implementPatterns((context) => received.push(context.metadata.getMap()));
  const { channel } = await serve([handlers]);
  return { channel, received };
}

test.each(patternCalls)(
  "%s: metadata of the client is sent, that of the call wins",
  async (_, call) => {
    const { channel, received } = await startRecording();
    const interceptors = [metadata({ values: { "x-tenant": "acme" } })];
    await call(channel, { interceptors });
    await call(channel, {
      interceptors,
      metadata: { "x-tenant": "other", "x-request-id": "order-42" },
    });
    expect(received).toMatchObject([
      { "x-tenant": "acme", "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/) },
      { "x-tenant": "other", "x-request-id": "order-42" },
    ]);
  },
);

test("request ids can be created by a function of the program", async () => {
  const { channel, received } = await startRecording();
  await unaryCall(channel, { interceptors: [metadata({ createRequestId: () => "id-1" })] });
  expect(received).toMatchObject([{ "x-request-id": "id-1" }]);
});

test("bearer asks for a token per call, so that it can be renewed", async () => {
  const { channel, received } = await startRecording();
  const tokens = ["a", "b", "c", "d"];
  const interceptors = [bearer(async () => tokens[received.length] ?? "")];
  for (const [, call] of patternCalls) await call(channel, { interceptors });
  expect(received.map(({ authorization }) => authorization)).toEqual([
    "Bearer a",
    "Bearer b",
    "Bearer c",
    "Bearer d",
  ]);
});
