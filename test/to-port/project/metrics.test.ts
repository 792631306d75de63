import { Registry } from "prom-client";
import { afterEach, expect, test } from "vitest";
import { HealthClient } from "../src/gen/runtime/health-client.ts";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { metrics } from "../src/interceptors/metrics.ts";
import { startMetricsServer } from "../src/metrics-server.ts";
import { implementPatterns, patternCalls } from "./four-patterns.ts";
import { recordingLogger, startTestApp, startTestServer, type TestServer } from "./support.ts";

let server: TestServer | undefined;
afterEach(() => server?.close());

/** Value of a metric of the pattern `name`; undefined when it has none. */
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
  server = await startTestServer([handlers], [metrics({ registry })]);
  await call(server.channel);

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
  server = await startTestServer([implementPatterns(() => {})], [metrics({ registry }), refuse]);
  await expect(call(server.channel)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  expect(await metricOf(registry, "grpc_server_handled_total", name, "PERMISSION_DENIED")).toBe(1);
  expect(await metricOf(registry, "grpc_server_in_flight", name)).toBe(0);
});

test.each(patternCalls)("%s: clients count, too", async (name, call) => {
  const registry = new Registry();
  const interceptors = [metrics({ registry, side: "client" })];
  server = await startTestServer([implementPatterns(() => {})], []);
  await call(server.channel, { interceptors });
  expect(await metricOf(registry, "grpc_client_started_total", name)).toBe(1);
  expect(await metricOf(registry, "grpc_client_handled_total", name, "OK")).toBe(1);
  expect(await metricOf(registry, "grpc_client_msg_sent_total", name)).toBe(requestCounts[name]);
  expect(await metricOf(registry, "grpc_client_msg_received_total", name)).toBe(1);
});

test("Prometheus finds them where the settings say", async () => {
  const { logger, lines } = recordingLogger();
  const app = await startTestApp({
    config: { metricsAddress: "127.0.0.1:0" },
    dependencies: { logger },
  });
  const port = lines.find(({ msg }) => msg === "serving metrics")?.port;
  const origin = `http://127.0.0.1:${port}`;
  await new HealthClient(app.channel).check({});

  const response = await fetch(`${origin}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  const text = await response.text();
  expect(text).toMatch(/grpc_server_handled_total\{.*grpc_method="Check",.*grpc_code="OK"\} 1/);
  expect(text).toContain("process_resident_memory_bytes");
  expect((await fetch(`${origin}/`)).status).toBe(404);
  expect((await fetch(`${origin}/metrics`, { method: "POST" })).status).toBe(404);

  await app.close();
  await expect(fetch(`${origin}/metrics`)).rejects.toThrow();
});

test("says in one line that its port is taken", async () => {
  const other = await startMetricsServer("127.0.0.1:0", new Registry());
  const metricsAddress = `127.0.0.1:${other.port}`;
  const app = startTestApp({ config: { metricsAddress } });
  await expect(app).rejects.toThrow(
    /^cannot serve metrics on 127\.0\.0\.1:\d+: .*EADDRINUSE[^\n]*$/,
  );
  await other.close();
});
