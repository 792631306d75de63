import { collect, failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { startInference } from "./inference-test-app.ts";

test("sends tokens, then a message that has is_finished and no token", async () => {
  const { client } = await startInference();
  const messages = await collect(client.generate({ prompt: "하나 둘", maxTokens: 3 }));
  expect(messages.map(({ token, isFinished }) => [token, isFinished])).toEqual([
    ["하나", false],
    [" 둘", false],
    [" 하나", false],
    ["", true],
  ]);
});

test("a caller that leaves stops the model and frees its slot", async () => {
  const { client, slots } = await startInference();
  for await (const _ of client.generate({ prompt: "on and on", maxTokens: 1_000 })) {
    expect(slots.runningCount).toBe(1);
    break;
  }
  await expect.poll(() => slots.runningCount).toBe(0);
});

test("a deadline frees the slot", async () => {
  const { client, slots } = await startInference();
  const call = client.generate({ prompt: "on and on", maxTokens: 1_000 }, { timeoutMs: 200 });
  expect((await failureOf(call)).code).toBe("DEADLINE_EXCEEDED");
  await expect.poll(() => slots.runningCount).toBe(0);
});

test.each([
  [{ prompt: "" }, ["prompt"]],
  [{ prompt: "x", maxTokens: -1 }, ["max_tokens"]],
  [{ prompt: "x", maxTokens: 1_001 }, ["max_tokens"]],
])("refuses %j", async (request, fields) => {
  const { client } = await startInference();
  const failure = await failureOf(client.generate(request));
  expect([failure.code, invalidFields(failure)]).toEqual(["INVALID_ARGUMENT", fields]);
});

test("refuses a call without a token", async () => {
  const { anonymous } = await startInference();
  expect((await failureOf(anonymous.generate({ prompt: "x" }))).code).toBe("UNAUTHENTICATED");
});
