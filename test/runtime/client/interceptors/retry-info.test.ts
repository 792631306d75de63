import { create } from "@bufbuild/protobuf";
import { anyPack, DurationSchema, durationFromMs } from "@bufbuild/protobuf/wkt";
import type { ChannelInterface } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { respectRetryInfo, retryDelayOf } from "../../../../runtime/src/client/index.ts";
import { errorDetail, RetryInfoSchema } from "../../../../runtime/src/error-details.ts";
import { type ClientInterceptor, GrpcError } from "../../../../runtime/src/index.ts";
import {
  failureOf,
  implementPatterns,
  patternCalls,
  unaryCall,
} from "../../support/four-patterns.ts";
import { serve } from "../../support/serve.ts";

/** Serves the patterns. The first call is refused with a delay, the others run `later`. */
async function startRefusing(
  delayMs: number,
  later: () => void = () => {},
): Promise<{ channel: ChannelInterface; arrivals: number[] }> {
  const arrivals: number[] = [];
  const handlers = implementPatterns(() => {
    if (arrivals.push(performance.now()) > 1) return later();
    const retryDelay = durationFromMs(delayMs);
    throw new GrpcError("RESOURCE_EXHAUSTED", "too many calls", {
      details: [errorDetail(RetryInfoSchema, { retryDelay })],
    });
  });
  const { channel } = await serve([handlers]);
  return { channel, arrivals };
}

test.each(patternCalls)("%s: the next call waits as long as the server asks", async (_, call) => {
  const { channel, arrivals } = await startRefusing(500);
  const interceptors = [respectRetryInfo()];
  const refusal = await failureOf(call(channel, { interceptors }));
  expect(retryDelayOf(refusal)).toBe(500);
  await call(channel, { interceptors });
  await call(channel, { interceptors });
  const [first = 0, second = 0, ...others] = arrivals;
  expect(second - first).toBeGreaterThan(490);
  expect(others).toHaveLength(1);
});

test("later calls do not wait, although they fail", async () => {
  const { channel } = await startRefusing(500, () => {
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
  for (const code of ["RESOURCE_EXHAUSTED", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"]) {
    await expect(unaryCall(channel, { interceptors })).rejects.toMatchObject({ code });
  }
  expect(waited).toEqual([false, true, false, false]);
});

test.each(patternCalls)("%s: a call whose deadline is too early fails at once", async (_, call) => {
  const { channel, arrivals } = await startRefusing(60_000);
  const interceptors = [respectRetryInfo()];
  for (const _ of [1, 2]) {
    const options = { interceptors, timeoutMs: 5000 };
    await expect(call(channel, options)).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  }
  expect(arrivals).toHaveLength(1);
});

test("errors without RetryInfo have no delay", () => {
  expect(retryDelayOf(new GrpcError("UNAVAILABLE", "gone"))).toBeUndefined();
  expect(retryDelayOf(new Error("anything"))).toBeUndefined();
});

test.each([
  ["a delay", [10, 5, 8, 1, 16, 128, 1], 1_000],
  ["a delay behind an unknown field", [18, 1, 0, 10, 2, 8, 2], 2_000],
  ["a delay of zero", [10, 0], 0],
  ["nothing", [], undefined],
  ["an unknown field only", [18, 1, 0], undefined],
  ["a delay that is cut off", [10, 9, 8], undefined],
  ["bytes that are no message", [255, 255, 255], undefined],
])("RetryInfo with %s", (_, bytes, delayMs) => {
  const typeUrl = "type.googleapis.com/google.rpc.RetryInfo";
  const detail = { ...anyPack(DurationSchema, create(DurationSchema)), typeUrl };
  const error = new GrpcError("UNAVAILABLE", "", {
    details: [{ ...detail, value: Uint8Array.from(bytes) }],
  });
  expect(retryDelayOf(error)).toBe(delayMs);
});

test("a server may ask for a delay that no timer can hold", async () => {
  const { channel, arrivals } = await startRefusing(2 ** 32);
  const interceptors = [respectRetryInfo()];
  await failureOf(unaryCall(channel, { interceptors }));
  const signal = AbortSignal.timeout(100);
  const waiting = await failureOf(unaryCall(channel, { interceptors, signal, timeoutMs: 0 }));
  expect(waiting).toMatchObject({ code: "CANCELLED" });
  expect(arrivals).toHaveLength(1);
});
