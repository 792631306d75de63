import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { clientTracing, serverTracing, tracerRegistered } from "../src/interceptors/tracing.ts";
import { implementPatterns, patternCalls } from "./four-patterns.ts";
import { type RecordedSpan, recordSpans } from "./recorded-spans.ts";
import { startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
let recording: { spans: RecordedSpan[]; stop(): void };

beforeEach(() => {
  recording = recordSpans();
});

afterEach(async () => {
  recording.stop();
  await server.close();
});

const interceptors = [clientTracing()];

test.each(patternCalls)("%s: one span on each side, of one trace", async (name, call) => {
  server = await startTestServer([implementPatterns(() => {})], [serverTracing()]);
  await call(server.channel, { interceptors });

  const attributes = {
    "rpc.system": "grpc",
    "rpc.service": "test.Patterns",
    "rpc.method": name,
    "rpc.grpc.status_code": 0,
  };
  const common = { name: `test.Patterns/${name}`, attributes, status: undefined, ended: true };
  expect(recording.spans).toMatchObject([
    { ...common, kind: SpanKind.CLIENT },
    { ...common, kind: SpanKind.SERVER, parent: "from-client" },
  ]);
});

test.each(patternCalls)("%s: a failure shows by its code, not by its text", async (_name, call) => {
  const fail = () => {
    throw new GrpcError("NOT_FOUND", "hong@example.com");
  };
  server = await startTestServer([implementPatterns(fail)], [serverTracing()]);
  await expect(call(server.channel, { interceptors })).rejects.toMatchObject({ code: "NOT_FOUND" });

  const [client, served] = recording.spans;
  expect(client?.status).toEqual({ code: SpanStatusCode.ERROR, message: "NOT_FOUND" });
  expect(served?.status).toBeUndefined(); // the caller's fault, not the server's
  for (const span of [client, served]) {
    expect(span).toMatchObject({ ended: true, attributes: { "rpc.grpc.status_code": 5 } });
  }
  expect(JSON.stringify(recording.spans)).not.toContain("hong@example.com");
});

test("without an SDK there is nobody to trace for", async () => {
  server = await startTestServer([], []);
  expect(tracerRegistered()).toBe(true);
  recording.stop();
  expect(tracerRegistered()).toBe(false);
});
