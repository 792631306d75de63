import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { startInference } from "./inference-test-app.ts";

test.each([
  ["I love it", "positive"],
  ["정말 좋아요", "positive"],
  ["so SLOW, so bad!", "negative"],
])("%j is %s", async (text, name) => {
  const { client, slots } = await startInference();
  const { labels, modelVersion } = await client.classify({ text });
  expect(labels[0]?.name).toBe(name);
  expect(labels.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  expect(modelVersion).toBe("built-in");
  expect(slots.runningCount).toBe(0);
});

test("a text that says nothing has labels that are equally likely", async () => {
  const { client } = await startInference();
  const { labels } = await client.classify({ text: "the" });
  expect(labels.map(({ probability }) => probability)).toEqual([0.5, 0.5]);
});

test.each([" ", "x".repeat(10_001)])("refuses text %#", async (text) => {
  const { client } = await startInference();
  const failure = await failureOf(client.classify({ text }));
  expect([failure.code, invalidFields(failure)]).toEqual(["INVALID_ARGUMENT", ["text"]]);
});

test("refuses a call without a token", async () => {
  const { anonymous } = await startInference();
  expect((await failureOf(anonymous.classify({ text: "x" }))).code).toBe("UNAUTHENTICATED");
});
