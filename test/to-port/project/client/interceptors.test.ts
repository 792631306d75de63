import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { afterEach, expect, test } from "vitest";
import { clientInterceptors } from "../../src/client/interceptors/index.ts";
import { metadata } from "../../src/client/interceptors/metadata.ts";
import { respectRetryInfo, retryDelayOf } from "../../src/client/interceptors/retry-info.ts";
import { errorDetail, RetryInfoSchema } from "../../src/gen/runtime/error-details.ts";
import { type ClientInterceptor, GrpcError } from "../../src/gen/runtime/index.ts";
import { implementPatterns, patternCalls } from "../four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer } from "../support.ts";

let server: TestServer;
afterEach(() => server.close());

/** Serves the patterns; keeps the metadata they come with. */
async function startRecording(): Promise<Record<string, unknown>[]> {
  const received: Record<string, unknown>[] = [];
  const handlers = implementPatterns((context) => received.push(context.metadata.getMap()));
  server = await startTestServer([handlers], []);
  return received;
}

test.each(patternCalls)("%s: metadata of the client, and of the call", async (_name, call) => {
  const received = await startRecording();
  const interceptors = [metadata({ values: { "x-tenant": "acme" } })];
  await call(server.channel, { interceptors });
  await call(server.channel, {
    interceptors,
    metadata: { "x-tenant": "other", "x-request-id": "order-42" },
  });
  expect(received).toMatchObject([
    { "x-tenant": "acme", "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/) },
    { "x-tenant": "other", "x-request-id": "order-42" },
  ]);
});

test.each(patternCalls)(
  "%s: the client's log has the id that the server gets",
  async (name, call) => {
    const received = await startRecording();
    const { logger, lines } = recordingLogger();
    await call(server.channel, { interceptors: clientInterceptors({ logger, token: () => "t" }) });
    expect(received).toMatchObject([{ authorization: "Bearer t" }]);
    const method = `/test.Patterns/${name}`;
    const requestId = received[0]?.["x-request-id"];
    expect(lines.at(-1)).toMatchObject({ msg: "call ended", method, code: "OK", requestId });
  },
);

/** Serves the patterns; the first call is refused, for so long, and then comes `later`. */
async function startRefusing(delayMs: number, later: () => void = () => {}): Promise<number[]> {
  const arrivals: number[] = [];
  const handlers = implementPatterns(() => {
    if (arrivals.push(performance.now()) > 1) return later();
    const retryDelay = durationFromMs(delayMs);
    throw new GrpcError("RESOURCE_EXHAUSTED", "too many calls", {
      details: [errorDetail(RetryInfoSchema, { retryDelay })],
    });
  });
  server = await startTestServer([handlers], []);
  return arrivals;
}

test.each(patternCalls)(
  "%s: the next call waits for as long as the server says",
  async (_name, call) => {
    const arrivals = await startRefusing(150);
    const interceptors = [respectRetryInfo()];
    const refusal = await call(server.channel, { interceptors }).catch(GrpcError.from);
    expect(retryDelayOf(refusal)).toBe(150);
    await call(server.channel, { interceptors });
    await call(server.channel, { interceptors });
    const [first = 0, second = 0, ...others] = arrivals;
    expect(second - first).toBeGreaterThan(140);
    expect(others).toHaveLength(1);
  },
);

test("calls after that wait no more, though they fail", async () => {
  await startRefusing(20, () => {
    throw new GrpcError("NOT_FOUND", "no such thing");
  });
  const waited: boolean[] = [];
  let left = false;
  const interceptors: ClientInterceptor[] = [
    async (_call, next) => {
      left = false;
      const end = next();
      waited.push(!left);
      await end;
    },
    respectRetryInfo(),
    async (_call, next) => {
      left = true;
      await next();
    },
  ];
  const [[, unary] = []] = patternCalls;
  for (const code of ["RESOURCE_EXHAUSTED", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]) {
    await expect(unary?.(server.channel, { interceptors })).rejects.toMatchObject({ code });
  }
  expect(waited).toEqual([false, true, false, false]);
});

test.each(patternCalls)("%s: it fails at once when it could not wait", async (_name, call) => {
  const arrivals = await startRefusing(60_000);
  const interceptors = [respectRetryInfo()];
  for (const _ of [1, 2]) {
    const options = { interceptors, timeoutMs: 5000 };
    await expect(call(server.channel, options)).rejects.toMatchObject({
      code: "RESOURCE_EXHAUSTED",
    });
  }
  expect(arrivals).toHaveLength(1);
});

test("errors that say nothing have no delay", async () => {
  server = await startTestServer([], []);
  expect(retryDelayOf(new GrpcError("UNAVAILABLE", "gone"))).toBeUndefined();
  expect(retryDelayOf(new Error("anything"))).toBeUndefined();
});
