import { RetryInfoSchema } from "grpc-service/error-details";
import { collect, failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { startFakeModel } from "./fake-model-server.ts";

const prompt = { text: "Say hello", maxTokens: 16 };
const { signal } = new AbortController();

test.each([
  [400, {}, "INVALID_ARGUMENT", undefined],
  [413, {}, "INVALID_ARGUMENT", undefined],
  [422, {}, "INVALID_ARGUMENT", undefined],
  [429, {}, "RESOURCE_EXHAUSTED", 1_000],
  [429, { "retry-after": "7" }, "RESOURCE_EXHAUSTED", 7_000],
  [429, { "retry-after": "999999999" }, "RESOURCE_EXHAUSTED", 3_600_000],
  [429, { "retry-after": "soon" }, "RESOURCE_EXHAUSTED", 1_000],
  [429, { "retry-after": "Sat, 01 Jan 2000 00:00:00 GMT" }, "RESOURCE_EXHAUSTED", 0],
  [500, {}, "UNAVAILABLE", 1_000],
  [503, { "retry-after": "2" }, "UNAVAILABLE", 2_000],
  [408, {}, "UNAVAILABLE", 1_000],
  [401, {}, "INTERNAL", undefined],
  [403, {}, "INTERNAL", undefined],
  [404, {}, "INTERNAL", undefined],
  [302, { location: "http://127.0.0.1:1/" }, "UNAVAILABLE", undefined],
])("HTTP %i with %j becomes %s", async (status, headers, code, retryMs) => {
  const { model } = await startFakeModel((response) => {
    response.writeHead(status, headers).end('{"error":{"message":"too \\u001b[31mlong"}}');
  });
  const failure = await failureOf(model.generate(prompt, signal));
  expect(failure.code).toBe(code);
  const delays = failure.findDetails(RetryInfoSchema).map(({ retryDelay }) => {
    return Number(retryDelay?.seconds ?? 0n) * 1_000 + (retryDelay?.nanos ?? 0) / 1_000_000;
  });
  expect(delays).toEqual(retryMs === undefined ? [] : [retryMs]);
});

test("an invalid request gets what the model says, in one line", async () => {
  const body = JSON.stringify({ error: { message: `too\n"long" \u001b ${"x".repeat(1_000)}` } });
  const { model } = await startFakeModel((response) => void response.writeHead(400).end(body));
  const { rawMessage } = await failureOf(model.generate(prompt, signal));
  expect(rawMessage).toMatch(/^the model refused the request: too "long" x{100,200}$/);
});

test("a refusal without an end is not read to it", async () => {
  const { model, requests } = await startFakeModel(async (response) => {
    response.writeHead(400);
    while (!response.destroyed && response.write("x".repeat(1_000))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  const failure = await failureOf(model.generate(prompt, signal));
  expect(failure.rawMessage.length).toBeLessThan(300);
  await requests[0]?.abandoned;
});

test("a refused key and an unknown model name the setting, for the log only", async () => {
  for (const [status, setting] of [
    [401, "MODEL_API_KEY"],
    [404, "MODEL_NAME"],
  ] as const) {
    const { model } = await startFakeModel((response) => void response.writeHead(status).end());
    await expect(collect(model.generate(prompt, signal))).rejects.toThrow(setting);
  }
});
