import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { bindClient } from "../../../../runtime/src/client/index.ts";
import { unless } from "../../../../runtime/src/interceptors/index.ts";
import { metrics } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { GrpcServer } from "../../../../runtime/src/server/index.ts";
import { implementPatterns, patternMethods, patterns } from "../../support/four-patterns.ts";
import { seriesOf } from "../../support/metric-values.ts";
import { serve } from "../../support/serve.ts";

/** Metric -> series of each method; README.md has these numbers. */
const perMethod = {
  started_total: 1,
  handled_total: 17,
  msg_received_total: 1,
  msg_sent_total: 1,
  in_flight: 1,
  handling_seconds_bucket: 15,
  handling_seconds_sum: 1,
  handling_seconds_count: 1,
};

async function expectZeros(registry: Registry, side: string, methods: number): Promise<void> {
  for (const [metric, count] of Object.entries(perMethod)) {
    const series = await seriesOf(registry, `grpc_${side}_${metric}`);
    expect(series, metric).toHaveLength(count * methods);
    expect(new Set(series.map(({ value }) => value)), metric).toEqual(new Set([0]));
  }
}

test("every method of a server is at 0 before its first call", async () => {
  const registry = new Registry();
  await serve([implementPatterns(() => {})], [metrics({ registry })]);
  await expectZeros(registry, "server", 4);
  const shed = await seriesOf(registry, "grpc_server_shed_total");
  expect(shed.map(({ labels }) => labels.grpc_method)).toEqual([
    ...patternMethods.map(({ name }) => name),
    "unknown",
  ]);
});

test("also without an app", async () => {
  const registry = new Registry();
  new GrpcServer({
    services: [implementPatterns(() => {})],
    interceptors: [metrics({ registry })],
  });
  await expectZeros(registry, "server", 4);
});

test("every method of a client is at 0 before its first call", async () => {
  const registry = new Registry();
  const interceptors = [metrics({ registry, side: "client" })];
  const { channel } = await serve([implementPatterns(() => {})]);
  bindClient(patterns, channel, { interceptors });
  await expectZeros(registry, "client", 4);
});

test("methods without the interceptor have no series", async () => {
  const registry = new Registry();
  const notBidi = unless({ methods: ["test.Patterns/BidiStreaming"] }, metrics({ registry }));
  await serve([implementPatterns(() => {})], [notBidi]);
  await expectZeros(registry, "server", 3);
});
