import { GrpcError } from "grpc-service";
import { collect, failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { LocalModel } from "../../src/model/local-model.ts";

const { signal } = new AbortController();
const model = new LocalModel(100_000);
const say = (text: string, maxTokens = 100) => collect(model.generate({ text, maxTokens }, signal));

test("says the same to the same prompt, and something else to others", async () => {
  const answers = await Promise.all(["one", "two", "three", "four"].map((text) => say(text)));
  expect(new Set(answers.map((tokens) => tokens.join(""))).size).toBeGreaterThan(1);
  expect(await say("one")).toEqual(answers[0]);
});

test("ends with a sentence, or after as many tokens as were asked for", async () => {
  expect((await say("one")).at(-1)).toBe(".");
  expect(await say("one", 3)).toEqual((await say("one")).slice(0, 3));
  expect(await say("one", 4_096)).toEqual(await say("one"));
});

test("answers in Korean if it is asked so", async () => {
  expect((await say("토큰은 무엇입니까?")).join("")).toMatch(/^[\p{Script=Hangul} .]+$/u);
});

test("keeps its speed", async () => {
  const startMs = performance.now();
  await collect(new LocalModel(100).generate({ text: "one", maxTokens: 20 }, signal));
  expect(performance.now() - startMs).toBeGreaterThan(190);
});

test("stops at once", async () => {
  const slow = new LocalModel(1);
  const controller = new AbortController();
  const tokens = slow.generate({ text: "one", maxTokens: 20 }, controller.signal);
  const startMs = performance.now();
  const failed = failureOf(tokens);
  controller.abort(new GrpcError("CANCELLED", "left"));
  expect((await failed).code).toBe("CANCELLED");
  expect(performance.now() - startMs).toBeLessThan(900);
});
