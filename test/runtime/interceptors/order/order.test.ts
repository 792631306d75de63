import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  GrpcError,
  type ServerInterceptor,
  type StatusCode,
} from "../../../../runtime/src/index.ts";
import { codeLabel } from "../../../../runtime/src/interceptors/metrics/labels.ts";
import { patternCalls } from "../../support/four-patterns.ts";
import {
  allDependencies,
  metadata,
  order,
  recording,
  ruledPatterns,
  setUp,
} from "./project-interceptors.ts";
import { endedInside, handled, type RecordedCalls, startRecorded } from "./recorded-calls.ts";

const namedMethods = Object.values(ruledPatterns).map((method) => [method.name, method] as const);

test.each(namedMethods)("%s: has all interceptors in this order", async (_name, method) => {
  const interceptorsOf = await setUp(allDependencies(), () => {});
  expect(interceptorsOf(method).map(({ name }) => name)).toEqual(order);
});

/** Interceptors that refuse calls, with a call that each refuses, and its status. */
const refusals: {
  interceptor: string;
  what: string;
  code: StatusCode;
  points?: number;
  call?: { metadata?: Record<string, string>; request?: { service: string } };
}[] = [
  {
    interceptor: "auth",
    what: "no token",
    code: "UNAUTHENTICATED",
    call: { metadata: {} },
  },
  { interceptor: "rateLimit", what: "too many calls", code: "RESOURCE_EXHAUSTED", points: 0 },
  {
    interceptor: "validation",
    what: "an invalid message",
    code: "INVALID_ARGUMENT",
    call: { request: { service: "forbidden" } },
  },
];

describe.each(patternCalls)("%s", (name, call) => {
  /** Log, audit log, metrics and span have the call with its `code`. */
  async function expectRecorded(
    { lines, registry }: RecordedCalls,
    code: StatusCode | "OK",
  ): Promise<void> {
    const linesWith = (msg: string) => lines.filter((line) => line.msg === msg);
    expect(linesWith("call ended")).toMatchObject([{ code }]);
    expect(linesWith("call audited")).toMatchObject([{ code }]);
    const text = await registry.metrics();
    expect(text).toContain(`grpc_method="${name}"`);
    expect(text).toMatch(new RegExp(`handled_total\\{.*grpc_code="${codeLabel(code)}"\\} 1`));
    expect(recording.spans.at(-1)).toMatchObject({ name: `test.Patterns/${name}`, ended: true });
  }

  test("success", async () => {
    const calls = await startRecorded();
    await call(calls.channel, { metadata });
    expect(calls.actions).toEqual(handled("OK"));
    await expectRecorded(calls, "OK");
  });

  test.each(order)("a refusal inside %s", async (inside) => {
    const refuse: ServerInterceptor = async () => {
      throw new GrpcError("FAILED_PRECONDITION", "not now");
    };
    const { actions, channel } = await startRecorded({ extra: [inside, refuse] });
    await expect(call(channel, { metadata })).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      rawMessage: "not now",
    });
    expect(actions).toEqual(endedInside(inside, "FAILED_PRECONDITION"));
  });

  test.each(order)("a throw inside %s", async (inside) => {
    const explode: ServerInterceptor = () => {
      throw new TypeError("password is hunter2");
    };
    const { actions, channel } = await startRecorded({ extra: [inside, explode] });
    await expect(call(channel, { metadata })).rejects.toMatchObject({
      code: "INTERNAL",
      rawMessage: "internal error",
    });
    expect(actions).toEqual(endedInside(inside, "INTERNAL"));
  });

  test.each(refusals)("$what", async ({ interceptor, code, points, call: changed }) => {
    const calls = await startRecorded(points === undefined ? {} : { points });
    const reply = call(calls.channel, { metadata, ...changed });
    await expect(reply).rejects.toMatchObject({ code });
    expect(calls.actions).toEqual(endedInside(interceptor, code));
    await expectRecorded(calls, code);
  });

  test("a handler that throws", async () => {
    const calls = await startRecorded({
      work: () => {
        throw new Error("a bug");
      },
    });
    await expect(call(calls.channel, { metadata })).rejects.toMatchObject({ code: "INTERNAL" });
    expect(calls.actions).toEqual(handled("INTERNAL"));
    await expectRecorded(calls, "INTERNAL");
    expect(calls.incidents).toMatchObject([{ code: "INTERNAL", error: { message: "a bug" } }]);
  });

  test("a caller that cancels", async () => {
    const cancellation = new AbortController();
    const calls = await startRecorded({
      work: async ({ signal }) => {
        cancellation.abort();
        await setTimeout(60_000, undefined, { signal }).catch(() => {});
      },
    });
    const reply = call(calls.channel, { metadata, signal: cancellation.signal });
    await expect(reply).rejects.toMatchObject({ code: "CANCELLED" });
    await expect.poll(() => calls.actions).toEqual(handled("CANCELLED"));
    await expectRecorded(calls, "CANCELLED");
  });
});
