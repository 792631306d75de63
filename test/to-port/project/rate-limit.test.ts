import { durationMs } from "@bufbuild/protobuf/wkt";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterEach, expect, test } from "vitest";
import { RetryInfoSchema } from "../src/gen/runtime/error-details.ts";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { auth } from "../src/interceptors/auth.ts";
import { type CallLimiter, rateLimit } from "../src/interceptors/rate-limit.ts";
import { implementPatterns, patternCalls, patternMethods } from "./four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
afterEach(() => server.close());

/** Serves the patterns to anybody; the token is the caller's name. */
async function start(limiter: CallLimiter, onFailure?: "open" | "closed") {
  const { logger, lines } = recordingLogger();
  const identify = auth({
    authenticate: async (subject) => ({ subject, scopes: [] }),
    methods: patternMethods,
    publicMethods: patternMethods.map(({ path }) => path.slice(1)),
  });
  const limit = rateLimit({ limiter, logger, ...(onFailure && { onFailure }) });
  server = await startTestServer([implementPatterns(() => {})], [identify, limit]);
  return lines;
}

const as = (name: string) => ({ metadata: { authorization: `Bearer ${name}` } });

test.each(patternCalls)("%s: too many calls are told when to come back", async (_name, call) => {
  await start(new RateLimiterMemory({ points: 2, duration: 60 }));
  await call(server.channel, as("ada"));
  await call(server.channel, as("ada"));
  const refusal = await call(server.channel, as("ada")).then(() => undefined, GrpcError.from);
  expect(refusal?.code).toBe("RESOURCE_EXHAUSTED");
  const [info] = refusal?.findDetails(RetryInfoSchema) ?? [];
  const delay = info?.retryDelay === undefined ? 0 : durationMs(info.retryDelay);
  expect(delay).toBeGreaterThan(50_000);
  expect(delay).toBeLessThanOrEqual(60_000);
});

test("every caller and every method has a limit of its own", async () => {
  await start(new RateLimiterMemory({ points: 1, duration: 60 }));
  for (const [, call] of patternCalls) {
    for (const options of [as("ada"), as("grace"), {}]) {
      await call(server.channel, options);
      await expect(call(server.channel, options)).rejects.toMatchObject({
        code: "RESOURCE_EXHAUSTED",
      });
    }
  }
});

/** A limiter that works, or does not, as the test says. */
function unreliable() {
  const state = { works: false };
  const limiter: CallLimiter = {
    consume: async () => {
      if (!state.works) throw new Error("connection lost to redis://:hunter2@cache");
    },
  };
  return { state, limiter };
}

test.each([
  ["open", "OK"],
  ["closed", "UNAVAILABLE"],
] as const)("a limiter that fails leaves the door %s, and one line", async (onFailure, code) => {
  const { state, limiter } = unreliable();
  const lines = await start(limiter, onFailure);
  for (const [, call] of patternCalls) {
    expect(
      await call(server.channel).then(
        () => "OK",
        (error) => error.code,
      ),
    ).toBe(code);
  }
  state.works = true;
  for (const [, call] of patternCalls) await call(server.channel);

  const meanwhile = onFailure === "open" ? "all calls pass" : "all calls are refused";
  expect(lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
    `error: the rate limiter cannot be reached: ${meanwhile}`,
    "info: the rate limiter can be reached again",
  ]);
});
