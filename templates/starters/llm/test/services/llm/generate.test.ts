import { RetryInfoSchema } from "grpc-service/error-details";
import { signToken } from "grpc-service/interceptors/auth";
import { collect, failureOf, invalidFields } from "grpc-service/testing";
import { expect, onTestFinished, test } from "vitest";
import { LLMServiceClient } from "../../../src/gen/llm_client.ts";
import type { Model } from "../../../src/model/model.ts";
import { startApp } from "../../start-app.ts";
import { ScriptedModel } from "./scripted-model.ts";

/** An app with this model. */
async function start<M extends Model>(model: M, variables: Record<string, string> = {}) {
  const app = await startApp({ dependencies: { model }, variables });
  onTestFinished(() => app.close());
  const llm = app.client(LLMServiceClient);
  return { app, llm, model, slots: app.dependencies.slots };
}

/** A model that says these tokens. */
function saying(...tokens: string[]): Model {
  return {
    async *generate() {
      yield* tokens;
    },
    check: async () => {},
  };
}

test("sends the tokens, then a message that has is_finished and no token", async () => {
  const { llm } = await start(saying("Hello", ", ", "세계", "!"));
  const messages = await collect(llm.generate({ prompt: "Say hello" }));
  expect(messages.map(({ token, isFinished }) => [token, isFinished])).toEqual([
    ["Hello", false],
    [", ", false],
    ["세계", false],
    ["!", false],
    ["", true],
  ]);
});

test("no message splits a character", async () => {
  const { llm } = await start(saying("a\ud83d", "\ude42", "\ud83d", "b"));
  const messages = await collect(llm.generate({ prompt: "Smile" }));
  expect(messages.map(({ token }) => token)).toEqual(["a", "🙂", "\ufffdb", ""]);
});

test("each token is sent before the next is made", async () => {
  const { llm, model } = await start(new ScriptedModel());
  const received: string[] = [];
  model.release(1);
  for await (const { token } of llm.generate({ prompt: "Count", maxTokens: 5 })) {
    received.push(token);
    model.release(1);
  }
  expect(received).toEqual(["1 ", "2 ", "3 ", "4 ", "5 ", ""]);
});

test("passes prompt and max_tokens to the model", async () => {
  const { llm, model } = await start(new ScriptedModel());
  model.release(1_000);
  await collect(llm.generate({ prompt: " 안녕 ", maxTokens: 3 }));
  expect(await collect(llm.generate({ prompt: "x" }))).toHaveLength(257);
  expect(model.prompts).toEqual([
    { text: " 안녕 ", maxTokens: 3 },
    { text: "x", maxTokens: 256 },
  ]);
});

test.each([
  [{}, ["prompt"]],
  [{ prompt: " \n" }, ["prompt"]],
  [{ prompt: "x".repeat(32_769) }, ["prompt"]],
  [{ prompt: "x", maxTokens: -1 }, ["max_tokens"]],
  [{ prompt: "", maxTokens: 4_097 }, ["prompt", "max_tokens"]],
])("refuses request %# and names its fields", async (request, fields) => {
  const { llm, model, slots } = await start(new ScriptedModel());
  const failure = await failureOf(llm.generate(request));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(fields);
  expect([model.prompts.length, slots.runningCount]).toEqual([0, 0]);
});

test("a caller that cancels stops the model and frees the slot at once", async () => {
  const { llm, model, slots } = await start(new ScriptedModel());
  model.release(1);
  for await (const { token } of llm.generate({ prompt: "Count", maxTokens: 100 })) {
    expect(token).toBe("1 ");
    expect([model.running, slots.runningCount]).toEqual([1, 1]);
    break;
  }
  await expect.poll(() => [model.running, slots.runningCount, model.waiting]).toEqual([0, 0, 0]);
});

test("a deadline stops the model and frees the slot", async () => {
  const { llm, model, slots } = await start(new ScriptedModel());
  const call = llm.generate({ prompt: "Count", maxTokens: 100 }, { timeoutMs: 300 });
  expect((await failureOf(call)).code).toBe("DEADLINE_EXCEEDED");
  await expect.poll(() => [model.running, slots.runningCount, model.waiting]).toEqual([0, 0, 0]);
});

test("a model that fails frees the slot, and its reason stays in the log", async () => {
  const broken: Model = {
    // biome-ignore lint/correctness/useYield: it fails before its first token.
    async *generate() {
      throw new Error("out of memory at 0xdeadbeef");
    },
    check: async () => {},
  };
  const { llm, slots } = await start(broken);
  const failure = await failureOf(llm.generate({ prompt: "x" }));
  expect(failure.code).toBe("INTERNAL");
  expect(failure.message).not.toContain("0xdeadbeef");
  expect(slots.runningCount).toBe(0);
});

test("20 callers that come and go leave no slot behind", async () => {
  const { llm, model, slots } = await start(new ScriptedModel(), {
    MAX_GENERATIONS: "3",
    MAX_WAITING_GENERATIONS: "10",
  });
  const controller = new AbortController();
  const outcomes: string[] = [];
  const calls = Array.from({ length: 20 }, async (_, index) => {
    const call = llm.generate({ prompt: `${index}` }, { signal: controller.signal });
    outcomes.push((await failureOf(call)).code);
  });
  await expect
    .poll(() => [slots.runningCount, slots.waitingCount, outcomes.length])
    .toEqual([3, 10, 7]);
  expect(new Set(outcomes)).toEqual(new Set(["RESOURCE_EXHAUSTED"]));
  controller.abort();
  await Promise.all(calls);
  expect(outcomes.slice(7)).toEqual(Array.from({ length: 13 }, () => "CANCELLED"));
  await expect
    .poll(() => [model.running, slots.runningCount, slots.waitingCount])
    .toEqual([0, 0, 0]);
});

test("further calls wait, and beyond the queue they are refused with RetryInfo", async () => {
  const { llm, model, slots } = await start(new ScriptedModel(), {
    MAX_GENERATIONS: "1",
    MAX_WAITING_GENERATIONS: "1",
  });
  const request = { prompt: "x", maxTokens: 1 };
  const first = collect(llm.generate(request));
  const second = collect(llm.generate(request));
  await expect.poll(() => [slots.runningCount, slots.waitingCount]).toEqual([1, 1]);
  const failure = await failureOf(llm.generate(request));
  expect(failure.code).toBe("RESOURCE_EXHAUSTED");
  expect(failure.findDetails(RetryInfoSchema)).toHaveLength(1);
  model.release(2);
  expect(await first).toHaveLength(2);
  expect(await second).toHaveLength(2);
});

test("a call that has waited too long is refused", async () => {
  const { llm, slots } = await start(new ScriptedModel(), {
    MAX_GENERATIONS: "1",
    GENERATION_WAIT_MS: "50",
  });
  const controller = new AbortController();
  const first = failureOf(llm.generate({ prompt: "x" }, { signal: controller.signal }));
  await expect.poll(() => slots.runningCount).toBe(1);
  expect((await failureOf(llm.generate({ prompt: "x" }))).code).toBe("RESOURCE_EXHAUSTED");
  controller.abort();
  expect((await first).code).toBe("CANCELLED");
});

test("a caller with many generations does not keep another one waiting", async () => {
  const { app, llm, model, slots } = await start(new ScriptedModel(), { MAX_GENERATIONS: "1" });
  const { auth } = app.config;
  if (auth.keys.kind !== "secret") throw new Error("tests sign their tokens");
  const authorization = `Bearer ${await signToken(auth, "another-caller")}`;
  const other = app.client(LLMServiceClient, app.anonymous);
  const order: string[] = [];
  const finished = async (name: string, call: AsyncIterable<unknown>) => {
    await collect(call);
    order.push(name);
  };
  const many = Array.from({ length: 5 }, (_, index) =>
    finished(`many ${index}`, llm.generate({ prompt: "x", maxTokens: 1 })),
  );
  await expect.poll(() => [slots.runningCount, slots.waitingCount]).toEqual([1, 4]);
  const metadata = { authorization };
  const one = finished("one", other.generate({ prompt: "y", maxTokens: 1 }, { metadata }));
  await expect.poll(() => slots.waitingCount).toBe(5);
  model.release(6);
  await Promise.all([...many, one]);
  expect(model.prompts.map(({ text }) => text)).toEqual(["x", "y", "x", "x", "x", "x"]);
  expect(order).toHaveLength(6);
});

test("measures tokens, the wait for the first one, and the speed", async () => {
  const { app, llm } = await start(saying("a", "b", "c"));
  await collect(llm.generate({ prompt: "x" }));
  await expect
    .poll(async () => (await app.dependencies.registry.metrics()).split("\n"))
    .toEqual(
      expect.arrayContaining([
        "llm_tokens_total 3",
        "llm_time_to_first_token_seconds_count 1",
        "llm_tokens_per_second_count 1",
        "llm_generations_running 0",
        "llm_generations_waiting 0",
      ]),
    );
});

test("refuses a call without a token", async () => {
  const { app, model } = await start(new ScriptedModel());
  const llm = app.client(LLMServiceClient, app.anonymous);
  expect((await failureOf(llm.generate({ prompt: "x" }))).code).toBe("UNAUTHENTICATED");
  expect(model.prompts).toEqual([]);
});
