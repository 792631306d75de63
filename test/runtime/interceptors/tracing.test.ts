import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ClientInterceptor, GrpcError } from "../../../runtime/src/index.ts";
import { interceptorsByMethod } from "../../../runtime/src/interceptors/index.ts";
import { clientTracing, serverTracing } from "../../../runtime/src/interceptors/tracing.ts";
import { implementPatterns, patternCalls, patternMethods } from "../support/four-patterns.ts";
import { type RecordedSpan, recordSpans } from "../support/recorded-spans.ts";
import { serve } from "../support/serve.ts";

const scope = { methods: patternMethods, environment: "test" } as const;
let recording: { spans: RecordedSpan[]; stop(): void };
let interceptors: readonly ClientInterceptor[];

beforeEach(async () => {
  recording = recordSpans();
  const interceptorsOf = await interceptorsByMethod([clientTracing()], scope);
  interceptors = patternMethods.slice(0, 1).flatMap((method) => [...interceptorsOf(method)]);
});

afterEach(() => recording.stop());

test.each(patternCalls)("%s: one span on each side, of one trace", async (name, call) => {
  const { channel } = await serve([implementPatterns(() => {})], [serverTracing()]);
  await call(channel, { interceptors });

  const attributes = {
    "rpc.system.name": "grpc",
    "rpc.method": `test.Patterns/${name}`,
    "rpc.status_code": "OK",
  };
  const common = { name: `test.Patterns/${name}`, attributes, status: undefined, ended: true };
  expect(recording.spans).toMatchObject([
    { ...common, kind: SpanKind.CLIENT },
    { ...common, kind: SpanKind.SERVER, parent: "from-client" },
  ]);
});

test.each(patternCalls)("%s: a span has the code of a failure, not its text", async (_, call) => {
  const fail = () => {
    throw new GrpcError("NOT_FOUND", "hong@example.com");
  };
  const { channel } = await serve([implementPatterns(fail)], [serverTracing()]);
  await expect(call(channel, { interceptors })).rejects.toMatchObject({ code: "NOT_FOUND" });

  const [client, served] = recording.spans;
  expect(client?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(served?.status).toBeUndefined(); // a fault of the caller, not of the server
  for (const span of [client, served]) {
    expect(span).toMatchObject({ ended: true, attributes: { "rpc.status_code": "NOT_FOUND" } });
  }
  expect(JSON.stringify(recording.spans)).not.toContain("hong@example.com");
});

test("without an OpenTelemetry SDK there is no interceptor", async () => {
  const counts = async () => {
    const servedBy = await interceptorsByMethod([serverTracing()], scope);
    const calledBy = await interceptorsByMethod([clientTracing()], scope);
    return patternMethods.map((method) => [servedBy(method).length, calledBy(method).length]);
  };
  expect(await counts()).toEqual(patternMethods.map(() => [1, 1]));
  recording.stop();
  expect(await counts()).toEqual(patternMethods.map(() => [0, 0]));
});
