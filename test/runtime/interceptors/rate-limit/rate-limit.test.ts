import { durationMs } from "@bufbuild/protobuf/wkt";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { expect, test } from "vitest";
import { createChannel } from "../../../../runtime/src/client/index.ts";
import { RetryInfoSchema } from "../../../../runtime/src/error-details.ts";
import { auth } from "../../../../runtime/src/interceptors/auth/index.ts";
import {
  type CallLimiter,
  createRateLimiter,
  rateLimit,
} from "../../../../runtime/src/interceptors/rate-limit/index.ts";
import { cleanUp } from "../../support/echo.ts";
import {
  failureOf,
  implementPatterns,
  outcomeOf,
  patternCalls,
  patternMethods,
  unaryCall,
} from "../../support/four-patterns.ts";
import { recordingLogger } from "../../support/recording-logger.ts";
import { serve } from "../../support/serve.ts";

type Options = Partial<Omit<Parameters<typeof rateLimit>[0], "limiter" | "logger">>;

/** Serves the patterns to every caller; the token is the subject. */
async function start(limiter: CallLimiter, options: Options = {}) {
  const { logger, lines } = recordingLogger();
  const identify = auth({
    authenticate: async (subject) => ({ subject, scopes: [] }),
    publicMethods: patternMethods.map(({ path }) => path.slice(1)),
  });
  const limit = rateLimit({ limiter, logger, ...options });
  const { channel, address } = await serve([implementPatterns(() => {})], [identify, limit]);
  return { channel, address, lines };
}

const as = (name: string) => ({ metadata: { authorization: `Bearer ${name}` } });

test.each(patternCalls)("%s: calls above the limit get a RetryInfo", async (_name, call) => {
  const { channel } = await start(new RateLimiterMemory({ points: 2, duration: 60 }));
  await call(channel, as("ada"));
  await call(channel, as("ada"));
  const refusal = await failureOf(call(channel, as("ada")));
  expect(refusal.code).toBe("RESOURCE_EXHAUSTED");
  const [info] = refusal.findDetails(RetryInfoSchema);
  const delay = info?.retryDelay === undefined ? 0 : durationMs(info.retryDelay);
  expect(delay).toBeGreaterThan(50_000);
  expect(delay).toBeLessThanOrEqual(60_000);
});

test("every caller has a limit per method", async () => {
  const { channel } = await start(new RateLimiterMemory({ points: 1, duration: 60 }));
  for (const [, call] of patternCalls) {
    for (const options of [as("ada"), as("grace"), {}]) {
      await call(channel, options);
      expect(await outcomeOf(call(channel, options))).toBe("RESOURCE_EXHAUSTED");
    }
  }
});

test("callers without a token share the limit of their host, whatever their connection", async () => {
  const { channel, address } = await start(new RateLimiterMemory({ points: 1, duration: 60 }));
  await unaryCall(channel);
  const channelOptions = { "grpc.use_local_subchannel_pool": 1 };
  const another = createChannel(address, { channelOptions });
  cleanUp(() => another.close());
  expect(await outcomeOf(unaryCall(another))).toBe("RESOURCE_EXHAUSTED");
});

test("keyOf decides which calls share a limit", async () => {
  const limiter = new RateLimiterMemory({ points: 1, duration: 60 });
  const { channel } = await start(limiter, { keyOf: () => "all callers" });
  await unaryCall(channel, as("ada"));
  expect(await outcomeOf(unaryCall(channel, as("grace")))).toBe("RESOURCE_EXHAUSTED");
});

/** A limiter that fails until `works` is set. */
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
  ["open", "OK", "all calls pass"],
  ["closed", "UNAVAILABLE", "all calls are refused"],
] as const)(
  "onFailure %s: while the limiter fails, calls end with %s and the log has one line",
  async (onFailure, code, meanwhile) => {
    const { state, limiter } = unreliable();
    const { channel, lines } = await start(limiter, { onFailure });
    for (const [, call] of patternCalls) expect(await outcomeOf(call(channel))).toBe(code);
    state.works = true;
    for (const [, call] of patternCalls) await call(channel);

    expect(lines.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
      `error: the rate limiter cannot be reached: ${meanwhile}`,
      "info: the rate limiter can be reached again",
    ]);
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  },
);

test("the limiter of the settings grants the calls per minute, 0 is no limit", async () => {
  expect(createRateLimiter({ perMinute: 0 })).toBeUndefined();
  const limiter = createRateLimiter({ perMinute: 1 });
  await limiter?.consume("key");
  await expect(limiter?.consume("key")).rejects.toMatchObject({ remainingPoints: 0 });
});
