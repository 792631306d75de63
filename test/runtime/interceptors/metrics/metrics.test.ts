import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { GrpcError } from "../../../../runtime/src/index.ts";
import { metrics } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { implementPatterns, patternCalls, unaryCall } from "../../support/four-patterns.ts";
import { metricValue, seriesOf } from "../../support/metric-values.ts";
import { serve } from "../../support/serve.ts";

const requestCounts: Record<string, number> = {
  Unary: 1,
  ServerStreaming: 1,
  ClientStreaming: 2,
  BidiStreaming: 2,
};

/** What go-grpc-prometheus calls the patterns. */
const types: Record<string, string> = {
  Unary: "unary",
  ServerStreaming: "server_stream",
  ClientStreaming: "client_stream",
  BidiStreaming: "bidi_stream",
};

test.each(patternCalls)("%s: calls, messages and time are counted", async (name, call) => {
  const registry = new Registry();
  const value = (metric: string, labels = {}) =>
    metricValue(registry, `grpc_server_${metric}`, {
      grpc_service: "test.Patterns",
      grpc_method: name,
      grpc_type: types[name] ?? "",
      ...labels,
    });
  let inFlight: number | undefined;
  const handlers = implementPatterns(async () => {
    inFlight = await value("in_flight");
  });
  const { channel } = await serve([handlers], [metrics({ registry })]);
  await call(channel);

  expect(inFlight).toBe(1);
  expect(await value("started_total")).toBe(1);
  expect(await value("in_flight")).toBe(0);
  expect(await value("handled_total", { grpc_code: "OK" })).toBe(1);
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
  const refused = { grpc_method: name, grpc_code: "PermissionDenied" };
  expect(await metricValue(registry, "grpc_server_handled_total", refused)).toBe(1);
  expect(await metricValue(registry, "grpc_server_in_flight", { grpc_method: name })).toBe(0);
});

test.each(patternCalls)("%s: a client counts its calls", async (name, call) => {
  const registry = new Registry();
  const interceptors = [metrics({ registry, side: "client" })];
  const { channel } = await serve([implementPatterns(() => {})]);
  await call(channel, { interceptors });
  const value = (metric: string, labels = {}) =>
    metricValue(registry, `grpc_client_${metric}`, {
      grpc_method: name,
      grpc_type: types[name] ?? "",
      ...labels,
    });
  expect(await value("started_total")).toBe(1);
  expect(await value("handled_total", { grpc_code: "OK" })).toBe(1);
  expect(await value("msg_sent_total")).toBe(requestCounts[name]);
  expect(await value("msg_received_total")).toBe(1);
  expect(await seriesOf(registry, "grpc_server_connections")).toEqual([]);
});

test("a later client of the same service does not reset what was counted", async () => {
  const registry = new Registry();
  const interceptors = [metrics({ registry, side: "client" })];
  const { channel } = await serve([implementPatterns(() => {})]);
  await unaryCall(channel, { interceptors });
  await unaryCall(channel, { interceptors });
  const unary = { grpc_method: "Unary" };
  expect(await metricValue(registry, "grpc_client_started_total", unary)).toBe(2);
  expect(await metricValue(registry, "grpc_client_handling_seconds_count", unary)).toBe(2);
});

test("the buckets of the latency histogram can be chosen", async () => {
  const registry = new Registry();
  await serve([implementPatterns(() => {})], [metrics({ registry, buckets: [0.5, 60] })]);
  const buckets = await seriesOf(registry, "grpc_server_handling_seconds_bucket");
  const ofUnary = buckets.filter(({ labels }) => labels.grpc_method === "Unary");
  expect(ofUnary.map(({ labels }) => labels.le)).toEqual(["0.5", "60", "+Inf"]);
});
