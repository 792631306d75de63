import { channel } from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { HealthRegistry } from "../../../../runtime/src/health/index.ts";
import { type HandlersOf, implement } from "../../../../runtime/src/index.ts";
import { metrics } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { startTestApp, startTestServer } from "../../../../runtime/src/testing/index.ts";
import { echoDefinition } from "../../gen/echo_grpc.ts";
import { resetStreams } from "../../server/abuses.ts";
import { cleanUp, connect } from "../../support/echo.ts";
import { implementPatterns, unaryCall } from "../../support/four-patterns.ts";
import { own } from "../../support/kinds.ts";
import { metricValue, seriesOf } from "../../support/metric-values.ts";
import { projectWith } from "../../support/project.ts";
import { serve } from "../../support/serve.ts";

test("the versions of the service and of Node.js", async () => {
  const registry = new Registry();
  metrics({ registry, version: "1.2.3" });
  expect(await seriesOf(registry, "grpc_service_build_info")).toEqual([
    { labels: { version: "1.2.3", node_version: process.versions.node }, value: 1 },
  ]);
});

test("a project has its own version", async () => {
  const variables = { METRICS_ADDRESS: "127.0.0.1:0" };
  const app = await startTestApp(projectWith([]), { variables });
  cleanUp(() => app.close());
  const { registry } = app.dependencies;
  expect(await metricValue(registry, "grpc_service_build_info", { version: "1.2.3" })).toBe(1);
  const serving = await seriesOf(registry, "grpc_server_health_status");
  const service = "grpc.health.v1.Health";
  expect(serving).toContainEqual({ labels: { grpc_service: "" }, value: 1 });
  expect(serving).toContainEqual({ labels: { grpc_service: service }, value: 1 });
});

test("health: 1 while a service is SERVING", async () => {
  const registry = new Registry();
  metrics({ registry });
  const health = new HealthRegistry();
  const value = () => metricValue(registry, "grpc_server_health_status", { grpc_service: "a.B" });
  expect(await value()).toBeUndefined();
  health.set("a.B", "SERVING");
  expect(await value()).toBe(1);
  let works = false;
  const check = async () => {
    if (!works) throw new Error("down");
  };
  await health.probe("database", check, { services: ["a.B"], intervalMs: 20 });
  expect(await value()).toBe(0);
  works = true;
  await expect.poll(value).toBe(1);
  health.shutdown();
  expect(await value()).toBe(0);
});

test("open connections", async () => {
  const registry = new Registry();
  const { channel } = await serve([implementPatterns(() => {})], [metrics({ registry })]);
  const value = () => metricValue(registry, "grpc_server_connections");
  const before = (await value()) ?? 0;
  await unaryCall(channel);
  expect(await value()).toBe(before + 1);
  channel.close();
  await expect.poll(value).toBe(before);
});

test("calls turned away count for their method, and unknown methods as one", async () => {
  const registry = new Registry();
  const handlers: Partial<HandlersOf<typeof echoDefinition>> = {
    async unary() {
      await delay(50);
      return {};
    },
  };
  const server = await startTestServer([implement(echoDefinition, handlers)], {
    interceptors: [metrics({ registry })],
    limits: { maxRunningCalls: 2, maxWaitMs: 100 },
  });
  cleanUp(() => server.close());
  const client = connect(server.address, { resilience: { retry: false } });
  const calls = Array.from({ length: 200 }, () =>
    client.unary({}).then(
      () => 0,
      () => 1,
    ),
  );
  const refused = (await Promise.all(calls)).reduce<number>((sum, one) => sum + one, 0);
  expect(refused).toBeGreaterThan(0);
  const shed = await seriesOf(registry, "grpc_server_shed_total");
  expect(shed.find(({ labels }) => labels.grpc_method === "Unary")?.value).toBe(refused);

  const unknown = { grpc_service: "unknown", grpc_method: "unknown" };
  expect(await metricValue(registry, "grpc_server_shed_total", unknown)).toBe(0);
  const shedChannel = channel("grpc-service.server.shed");
  for (let i = 0; i < 10; i += 1) shedChannel.publish({ path: `/made.Up/Method${i}` });
  expect(await metricValue(registry, "grpc_server_shed_total", unknown)).toBe(10);
  expect(await seriesOf(registry, "grpc_server_shed_total")).toHaveLength(shed.length);
});

test("abuse by cause", async () => {
  const registry = new Registry();
  const port = await own.listen({}, { resetBurst: 5, resetsPerSecond: 1 });
  metrics({ registry });
  const abuse = () => seriesOf(registry, "grpc_server_abuse_total");
  expect((await abuse()).map(({ value }) => value)).toEqual([0, 0, 0]);
  await resetStreams(port, 50);
  await expect.poll(abuse).toContainEqual({
    labels: { cause: "the peer resets more of its calls than allowed" },
    value: 1,
  });
});
