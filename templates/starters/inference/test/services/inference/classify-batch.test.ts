import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test, vi } from "vitest";
import { startInference } from "./inference-test-app.ts";

const texts = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ text: n % 2 ? "bad" : "good" }));

test("results have the order of the texts, and the model gets few batches", async () => {
  const { client } = await startInference({ BATCH_SIZE: "10", BATCH_WAIT_MS: "1000" });
  const { results, batches } = await client.classifyBatch(texts(25));
  expect(results.map(({ labels }) => labels[0]?.name)).toEqual(
    texts(25).map(({ text }) => (text === "bad" ? "negative" : "positive")),
  );
  expect(batches).toBe(3);
});

test("a text does not wait for a full batch", async () => {
  const { client, slots } = await startInference({ BATCH_SIZE: "1000", BATCH_WAIT_MS: "10" });
  let more = (): void => {};
  const isTime = new Promise<void>((resolve) => {
    more = resolve;
  });
  async function* slow() {
    yield { text: "good" };
    await isTime;
    yield { text: "bad" };
  }
  const taken = vi.spyOn(slots, "take");
  const call = client.classifyBatch(slow());
  await expect.poll(() => taken.mock.calls.length).toBe(1);
  more();
  expect(await call).toMatchObject({ batches: 2 });
});

test("no texts have no results", async () => {
  const { client } = await startInference();
  expect(await client.classifyBatch([])).toMatchObject({ results: [], batches: 0 });
});

test("one text that is not valid ends the call", async () => {
  const { client, slots } = await startInference();
  const failure = await failureOf(client.classifyBatch([{ text: "good" }, { text: "" }]));
  expect([failure.code, invalidFields(failure)]).toEqual(["INVALID_ARGUMENT", ["text"]]);
  expect(slots.runningCount).toBe(0);
});

test("more than 1000 texts are refused", async () => {
  const { client } = await startInference({ BATCH_SIZE: "100" });
  expect((await client.classifyBatch(texts(1_000))).results).toHaveLength(1_000);
  expect((await failureOf(client.classifyBatch(texts(1_001)))).code).toBe("INVALID_ARGUMENT");
});

test("refuses a call without a token", async () => {
  const { anonymous } = await startInference();
  expect((await failureOf(anonymous.classifyBatch(texts(1)))).code).toBe("UNAUTHENTICATED");
});
