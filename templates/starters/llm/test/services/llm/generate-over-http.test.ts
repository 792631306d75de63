import { RetryInfoSchema } from "grpc-service/error-details";
import { collect, failureOf } from "grpc-service/testing";
import { expect, onTestFinished, test } from "vitest";
import { LLMServiceClient } from "../../../src/gen/llm_client.ts";
import {
  type Answer,
  beginEvents,
  say,
  startFakeModel,
  tokenEvent,
} from "../../model/fake-model-server.ts";
import { startApp } from "../../start-app.ts";

/** An app whose MODEL_URL is a fake server. */
async function start(answer: Answer) {
  const { url, requests } = await startFakeModel((response) =>
    // Health checks ask for it.
    response.req.url === "/v1/models" ? void response.end("{}") : answer(response),
  );
  const variables = { MODEL_URL: url.href, MODEL_NAME: "tiny", MODEL_API_KEY: "sk-test" };
  const app = await startApp({ variables });
  onTestFinished(() => app.close());
  const generations = () => requests.filter(({ path }) => path === "/v1/chat/completions");
  return { llm: app.client(LLMServiceClient), generations, slots: app.dependencies.slots };
}

test("the tokens of MODEL_URL reach the caller", async () => {
  const { llm, generations } = await start(say("안", "녕", "!"));
  const messages = await collect(llm.generate({ prompt: "Say hello", maxTokens: 10 }));
  expect(messages.map(({ token }) => token)).toEqual(["안", "녕", "!", ""]);
  expect(messages.at(-1)?.isFinished).toBe(true);
  expect(generations()[0]?.headers.authorization).toBe("Bearer sk-test");
});

test("a caller that cancels closes the request, and its slot is free", async () => {
  const { llm, generations, slots } = await start((response) => {
    beginEvents(response);
    response.write(tokenEvent("one"));
  });
  for await (const { token } of llm.generate({ prompt: "Count" })) {
    expect(token).toBe("one");
    break;
  }
  await generations()[0]?.abandoned;
  await expect.poll(() => slots.runningCount).toBe(0);
});

test("the deadline of a caller closes the request of a model that does not answer", async () => {
  const { llm, generations, slots } = await start(() => {});
  const failure = await failureOf(llm.generate({ prompt: "Count" }, { timeoutMs: 500 }));
  expect(failure.code).toBe("DEADLINE_EXCEEDED");
  await generations()[0]?.abandoned;
  await expect.poll(() => slots.runningCount).toBe(0);
});

test("HTTP 429 is RESOURCE_EXHAUSTED, with Retry-After as RetryInfo", async () => {
  const { llm } = await start((response) => {
    response.writeHead(429, { "retry-after": "7" }).end("{}");
  });
  const failure = await failureOf(llm.generate({ prompt: "x" }));
  expect(failure.code).toBe("RESOURCE_EXHAUSTED");
  expect(failure.findDetails(RetryInfoSchema)).toMatchObject([{ retryDelay: { seconds: 7n } }]);
});

test("a key that is not accepted is INTERNAL for the caller, who learns nothing of it", async () => {
  const { llm } = await start((response) => {
    response.writeHead(401).end('{"error":{"message":"bad key sk-test"}}');
  });
  const failure = await failureOf(llm.generate({ prompt: "x" }));
  expect(failure).toMatchObject({ code: "INTERNAL", rawMessage: "internal error" });
});
