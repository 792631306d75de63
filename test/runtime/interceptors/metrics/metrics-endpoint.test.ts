import { Gauge, Registry } from "prom-client";
import { expect, test } from "vitest";
import { HealthClient } from "../../../../runtime/src/health/client.ts";
import {
  type MetricsEndpoint,
  metricsEndpoint,
} from "../../../../runtime/src/interceptors/metrics/index.ts";
import { startTestApp } from "../../../../runtime/src/testing/index.ts";
import { cleanUp, raise } from "../../support/echo.ts";
import { freePort } from "../../support/free-port.ts";
import { projectWith } from "../../support/project.ts";
import { recordingLogger } from "../../support/recording-logger.ts";

/** Opens an endpoint on a free port; it closes after the test. */
async function open(
  registry = new Registry(),
  { logger } = recordingLogger(),
): Promise<MetricsEndpoint> {
  const endpoint = metricsEndpoint({ address: "127.0.0.1:0", registry, logger });
  if (endpoint === undefined) return raise("no endpoint");
  await endpoint.open();
  cleanUp(() => endpoint.close());
  return endpoint;
}

test("an app serves its metrics at METRICS_ADDRESS", async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const app = await startTestApp(projectWith([]), { variables: { METRICS_ADDRESS: address } });
  const origin = `http://${address}`;
  await app.client(HealthClient).check({});

  const response = await fetch(`${origin}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  const text = await response.text();
  expect(text).toMatch(/grpc_server_handled_total\{.*grpc_method="Check",.*grpc_code="OK"\} 1/);
  expect(text).toContain("process_resident_memory_bytes");
  expect((await fetch(`${origin}/`)).status).toBe(404);
  expect((await fetch(`${origin}/metrics`, { method: "POST" })).status).toBe(405);

  await app.close();
  await expect(fetch(`${origin}/metrics`)).rejects.toThrow();
});

test("an address in use is an error in one line", async () => {
  const { port } = await open();
  const app = startTestApp(projectWith([]), {
    variables: { METRICS_ADDRESS: `127.0.0.1:${port}` },
  });
  await expect(app).rejects.toThrow(
    /^metrics cannot be opened: cannot serve metrics on 127\.0\.0\.1:\d+: .*EADDRINUSE[^\n]*$/,
  );
});

test("a metric that fails to collect its value is answered with status 500", async () => {
  const registry = new Registry();
  new Gauge({
    name: "broken",
    help: "Fails.",
    registers: [registry],
    collect() {
      throw new Error("no value");
    },
  });
  const { port } = await open(registry);
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(500);
});

test("the bound port is known and logged", async () => {
  const log = recordingLogger();
  const { port } = await open(new Registry(), log);
  expect(port).toBeGreaterThan(0);
  expect(log.lines).toMatchObject([{ msg: "serving metrics", address: "127.0.0.1:0", port }]);
});

test("without an address there is no endpoint", () => {
  const { logger } = recordingLogger();
  const registry = new Registry();
  expect(metricsEndpoint({ address: undefined, registry, logger })).toBeUndefined();
});
