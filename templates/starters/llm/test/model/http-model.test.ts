import { collect, failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { beginEvents, say, startFakeModel, tokenEvent } from "./fake-model-server.ts";

const prompt = { text: "Say hello, 안녕", maxTokens: 16 };
const { signal } = new AbortController();

test("sends the prompt and yields the tokens", async () => {
  const { model, requests } = await startFakeModel(say("Hello", ",", " 안녕", "!"));
  expect(await collect(model.generate(prompt, signal))).toEqual(["Hello", ",", " 안녕", "!"]);
  expect(requests).toMatchObject([
    {
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer sk-test", accept: "text/event-stream" },
      body: {
        model: "tiny",
        messages: [{ role: "user", content: "Say hello, 안녕" }],
        max_tokens: 16,
        stream: true,
      },
    },
  ]);
});

test("keeps a path and a query of MODEL_URL, and sends no key if there is none", async () => {
  const fake = await startFakeModel(say("ok"));
  const url = new URL("/deep/v1/?api-version=2", fake.url);
  const { model, requests } = await startFakeModel(say("ok"), { apiKey: undefined });
  await collect(model.generate(prompt, signal));
  expect(requests[0]?.headers).not.toHaveProperty("authorization");
  const other = await startFakeModel(say("ok"), { url });
  await collect(other.model.generate(prompt, signal));
  expect(fake.requests[0]?.path).toBe("/deep/v1/chat/completions?api-version=2");
});

test("yields each token when it comes, also if its bytes come one by one", async () => {
  let next = (): void => {};
  const { model } = await startFakeModel(async (response) => {
    beginEvents(response);
    for (const token of ["나", "🙂"]) {
      const isRead = new Promise<void>((resolve) => {
        next = resolve;
      });
      for (const byte of Buffer.from(tokenEvent(token))) {
        response.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await isRead;
    }
    response.end("data: [DONE]\n\n");
  });
  const tokens: string[] = [];
  for await (const token of model.generate(prompt, signal)) {
    tokens.push(token);
    next();
  }
  expect(tokens).toEqual(["나", "🙂"]);
});

test("uses connections again", async () => {
  const { model, connections } = await startFakeModel(say("a", "b"));
  for (let count = 0; count < 10; count += 1) await collect(model.generate(prompt, signal));
  expect(connections()).toBeLessThan(5);
});

test("takes no more tokens than it has asked for", async () => {
  const { model, requests } = await startFakeModel(async (response) => {
    beginEvents(response);
    while (!response.destroyed && response.write(tokenEvent("more"))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  expect(await collect(model.generate({ text: "x", maxTokens: 3 }, signal))).toHaveLength(3);
  await requests[0]?.abandoned;
});

test("closes its request at once when the call is cancelled", async () => {
  const { model, requests } = await startFakeModel((response) => {
    beginEvents(response);
    response.write(tokenEvent("one"));
  });
  const controller = new AbortController();
  const tokens = model.generate(prompt, controller.signal)[Symbol.asyncIterator]();
  expect(await tokens.next()).toEqual({ done: false, value: "one" });
  const next = tokens.next();
  controller.abort(new Error("left"));
  await expect(next).rejects.toThrow("left");
  await requests[0]?.abandoned;
});

test("closes its request when nobody takes its tokens any more", async () => {
  const { model, requests } = await startFakeModel((response) => {
    beginEvents(response);
    response.write(tokenEvent("one"));
  });
  for await (const token of model.generate(prompt, signal)) {
    expect(token).toBe("one");
    break;
  }
  await requests[0]?.abandoned;
});

test("a call that has ended before it begins sends nothing", async () => {
  const { model, requests } = await startFakeModel(say("a"));
  const aborted = AbortSignal.abort(new Error("left"));
  await expect(collect(model.generate(prompt, aborted))).rejects.toThrow("left");
  expect(requests).toEqual([]);
});

test("a connection that breaks off is UNAVAILABLE, after the tokens that have come", async () => {
  const { model } = await startFakeModel((response) => {
    beginEvents(response);
    response.write(tokenEvent("one"), () => response.destroy());
  });
  const tokens = model.generate(prompt, signal)[Symbol.asyncIterator]();
  expect((await tokens.next()).value).toBe("one");
  expect((await failureOf(tokens.next())).code).toBe("UNAVAILABLE");
});

test.each([
  ["without its end", tokenEvent("one"), "UNAVAILABLE", "stopped before its end"],
  ["with an error", 'data: {"error":{"message":"out of memory"}}\n\n', "UNAVAILABLE", "failed"],
  ["with half an event", "data: {", "UNAVAILABLE", "stopped before its end"],
  ["that is not JSON", "data: nonsense\n\n", "INTERNAL", "internal error"],
  ["of another shape", 'data: {"answer":1}\n\n', "INTERNAL", "internal error"],
  [
    "with a token that is not a text",
    'data: {"choices":[{"delta":{"content":7}}]}\n\n',
    "INTERNAL",
    "internal error",
  ],
  ["that is not UTF-8", Buffer.of(0x64, 0xff, 0x0a), "INTERNAL", "internal error"],
  ["with an endless line", `data: ${"x".repeat(70_000)}`, "INTERNAL", "internal error"],
  ["with endless comments", ": x\n".repeat(70_000), "INTERNAL", "internal error"],
])("a stream %s ends the call", async (_, body, code, message) => {
  const { model } = await startFakeModel((response) => {
    beginEvents(response);
    response.end(body);
  });
  const failure = await failureOf(model.generate(prompt, signal));
  expect(failure).toMatchObject({ code, rawMessage: expect.stringContaining(message) });
});

test("a stream that ends after its reason is complete, without [DONE]", async () => {
  const { model } = await startFakeModel((response) => {
    beginEvents(response);
    response.end(tokenEvent("one", "length"));
  });
  expect(await collect(model.generate(prompt, signal))).toEqual(["one"]);
});

test("an answer that is not a stream of events is our mistake", async () => {
  const { model } = await startFakeModel((response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  });
  await expect(collect(model.generate(prompt, signal))).rejects.toThrow("check MODEL_URL");
});

test.each(["before its answer", "between two tokens"])(
  "a model that is silent %s is given up",
  async (when) => {
    const { model, requests } = await startFakeModel(
      (response) => {
        if (when === "before its answer") return;
        beginEvents(response);
        response.write(tokenEvent("one"));
      },
      { timeoutMs: 100 },
    );
    const failure = await failureOf(model.generate(prompt, signal));
    expect(failure).toMatchObject({
      code: "UNAVAILABLE",
      rawMessage: "the model has been silent for 100 ms",
    });
    await requests[0]?.abandoned;
  },
);

test("a caller that takes its time does not make the model silent", async () => {
  const { model } = await startFakeModel(say("a", "b"), { timeoutMs: 1_000 });
  const tokens: string[] = [];
  for await (const token of model.generate(prompt, signal)) {
    tokens.push(token);
    if (tokens.length === 1) await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
  expect(tokens).toEqual(["a", "b"]);
});

test("no server is UNAVAILABLE", async () => {
  const { model } = await startFakeModel(say(), { url: new URL("http://127.0.0.1:1/v1") });
  expect(await failureOf(model.generate(prompt, signal))).toMatchObject({
    code: "UNAVAILABLE",
    rawMessage: "the model cannot be reached",
  });
});

test.each([
  [200, undefined],
  [404, undefined], // not every server lists its models
  [401, "MODEL_API_KEY"],
  [503, "HTTP 503"],
])("health: HTTP %i of /models", async (status, problem) => {
  const { model, requests } = await startFakeModel((response) => {
    response.writeHead(status).end("{}");
  });
  const checked = model.check(signal);
  if (problem === undefined) await checked;
  else await expect(checked).rejects.toThrow(problem);
  expect(requests).toMatchObject([{ path: "/v1/models" }]);
});

test("health: no server", async () => {
  const { model } = await startFakeModel(say(), { url: new URL("http://127.0.0.1:1/v1") });
  await expect(model.check(signal)).rejects.toThrow("cannot be reached");
});

test("many generations at once have a request each, and all end when they are left", async () => {
  const { model, requests } = await startFakeModel((response) => {
    beginEvents(response);
    response.write(tokenEvent("one"));
  });
  let count = 0;
  const controllers = Array.from({ length: 20 }, () => new AbortController());
  const calls = controllers.map(async (controller) => {
    for await (const _ of model.generate(prompt, controller.signal)) count += 1;
  });
  await expect.poll(() => count).toBe(20);
  for (const controller of controllers) controller.abort(new Error("left"));
  for (const call of calls) await expect(call).rejects.toThrow("left");
  await Promise.all(requests.map(({ abandoned }) => abandoned));
});
