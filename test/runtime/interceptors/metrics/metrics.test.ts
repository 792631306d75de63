import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { GrpcError } from "../../../../runtime/src/index.ts";
import { metrics } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../../support/four-patterns.ts";
import { serve } from "../../support/serve.ts";

/** Value of a metric for the method `name`; undefined without one. */
async function metricOf(registry: Registry, metric: string, name: string, code?: string) {
  const text = await registry.metrics();
  const line = text
    .split("\n")
    .find(
      (each) =>
        each.startsWith(`${metric}{`) &&
        each.includes(`grpc_method="${name}"`) &&
        (code === undefined || each.includes(`grpc_code="${code}"`)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ")));
}

const requestCounts: Record<string, number> = {
  Unary: 1,
  ServerStreaming: 1,
  ClientStreaming: 2,
  BidiStreaming: 2,
};

test.each(patternCalls)("%s: calls, messages and time are counted", async (name, call) => {
  const registry = new Registry();
  let inFlight: number | undefined;
  const handlers = implementPatterns(async () => {
    inFlight = await metricOf(registry, "grpc_server_in_flight", name);
  });
  const { channel } = await serve([handlers], [metrics({ registry })]);
  await call(channel);

  expect(inFlight).toBe(1);
  const value = (metric: string, code?: string) =>
    metricOf(registry, `grpc_server_${metric}`, name, code);
  expect(await value("started_total")).toBe(1);
  expect(await value("in_flight")).toBe(0);
  expect(await value("handled_total", "OK")).toBe(1);
  expect(await value("handling_seconds_count")).toBe(1);
  expect(await value("handling_seconds_sum")).toBeGreaterThan(0);
  expect(await value("msg_received_total")).toBe(requestCounts[name]);
  expect(await value("msg_sent_total")).toBe(1);
});

test.each(patternCalls)("%s: refused calls count", async (name, call) => {
  const registry = new Registry();
  const refuse = async () => {
    throw new GrpcError("PERMISSION_DENIED", "not you");
  };
  const { channel } = await serve([implementPatterns(() => {})], [metrics({ registry }), refuse]);
  await expect(call(channel)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  expect(await metricOf(registry, "grpc_server_handled_total", name, "PERMISSION_DENIED")).toBe(1);
  expect(await metricOf(registry, "grpc_server_in_flight", name)).toBe(0);
});

test.each(patternCalls)("%s: a client counts its calls", async (name, call) => {
  const registry = new Registry();
  const interceptors = [metrics({ registry, side: "client" })];
  const { channel } = await serve([implementPatterns(() => {})]);
  await call(channel, { interceptors });
  expect(await metricOf(registry, "grpc_client_started_total", name)).toBe(1);
  expect(await metricOf(registry, "grpc_client_handled_total", name, "OK")).toBe(1);
  expect(await metricOf(registry, "grpc_client_msg_sent_total", name)).toBe(requestCounts[name]);
  expect(await metricOf(registry, "grpc_client_msg_received_total", name)).toBe(1);
});

test("the buckets of the latency histogram can be chosen", async () => {
  const registry = new Registry();
  const { channel } = await serve(
    [implementPatterns(() => {})],
    [metrics({ registry, buckets: [0.5, 60] })],
  );
  await unaryCall(channel);
  const text = await registry.metrics();
  const bounds = [...text.matchAll(/handling_seconds_bucket\{le="([^"]+)"/g)].map(([, le]) => le);
  expect(bounds).toEqual(["0.5", "60", "+Inf"]);
});
