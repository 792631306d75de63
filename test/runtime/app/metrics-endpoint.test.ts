import { once } from "node:events";
import { connect } from "node:net";
import { Gauge, Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { HealthClient } from "../../../runtime/src/health/client.ts";
import {
  type MetricsEndpoint,
  metricsEndpoint,
} from "../../../runtime/src/interceptors/metrics/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { cleanUp, raise, signpost } from "../support/echo.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { kinds } from "./support/kinds.ts";
import { startApp } from "./support/start-app.ts";

/** Makes an endpoint, by default on a free port. It is closed after the test. */
function createEndpoint(registry: Registry, address = "127.0.0.1:0"): MetricsEndpoint {
  const { logger } = recordingLogger();
  const endpoint = metricsEndpoint({ address, registry, logger }) ?? raise("no endpoint");
  cleanUp(() => endpoint.close());
  return endpoint;
}

const urlOf = ({ port }: MetricsEndpoint) => `http://127.0.0.1:${port}/metrics`;

describe("metricsEndpoint", () => {
  test("is undefined without an address", () => {
    const { logger } = recordingLogger();
    const options = { address: undefined, registry: new Registry(), logger };
    expect(metricsEndpoint(options)).toBeUndefined();
  });

  test("answers /metrics, and logs its port", async () => {
    const { logger, lines } = recordingLogger();
    const registry = new Registry();
    const endpoint = metricsEndpoint({ address: "127.0.0.1:0", registry, logger });
    if (endpoint === undefined) throw new Error("no endpoint");
    cleanUp(() => endpoint.close());
    expect(endpoint.port).toBeUndefined();
    await endpoint.open();
    expect(lines).toEqual([
      expect.objectContaining({ msg: "serving metrics", port: endpoint.port }),
    ]);

    const response = await fetch(urlOf(endpoint));
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await response.text()).toContain("process_resident_memory_bytes");
  });

  test("has the delay of the event loop", async () => {
    const endpoint = createEndpoint(new Registry());
    await endpoint.open();
    const text = await (await fetch(urlOf(endpoint))).text();
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  test("ignores a query, and answers HEAD without a body", async () => {
    const endpoint = createEndpoint(new Registry());
    await endpoint.open();
    const queried = await fetch(`${urlOf(endpoint)}?x=1`);
    expect(queried.status).toBe(200);
    expect(await queried.text()).toContain("process_resident_memory_bytes");
    const head = await fetch(urlOf(endpoint), { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(1000);
    expect(await head.text()).toBe("");
  });

  test("answers other methods with 405, and other paths with 404", async () => {
    const endpoint = createEndpoint(new Registry());
    await endpoint.open();
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const refused = await fetch(urlOf(endpoint), { method });
      expect(refused.status, method).toBe(405);
      expect(refused.headers.get("allow"), method).toBe("GET, HEAD");
    }
    for (const path of ["/", "//metrics", "/metrics/", "/metricsx", "/?/metrics"]) {
      const other = await fetch(new URL(urlOf(endpoint)).origin + path);
      expect(other.status, path).toBe(404);
      expect(await other.text()).toBe("GET /metrics\n");
    }
    const origin = new URL(urlOf(endpoint)).origin;
    expect((await fetch(origin, { method: "POST" })).status).toBe(404);
  });

  test("answers with 500 while a metric cannot be read", async () => {
    let fails = true;
    const registry = new Registry();
    new Gauge({
      name: "queue_length",
      help: "Length of the queue.",
      registers: [registry],
      collect() {
        if (fails) throw new Error("gone");
        this.set(3);
      },
    });
    const endpoint = createEndpoint(registry);
    await endpoint.open();
    const failed = await fetch(urlOf(endpoint));
    expect(failed.status).toBe(500);
    expect(await failed.text()).toBe("the metrics cannot be read\n");
    fails = false;
    expect(await (await fetch(urlOf(endpoint))).text()).toContain("queue_length 3");
  });

  test("rejects in one line when its port is in use", async () => {
    const other = createEndpoint(new Registry());
    await other.open();
    const address = `127.0.0.1:${other.port}`;
    await expect(createEndpoint(new Registry(), address).open()).rejects.toThrow(
      new RegExp(`^cannot serve metrics on ${address}: .*EADDRINUSE[^\n]*$`),
    );
  });

  test("closes its connections, also those that are idle", async () => {
    const endpoint = createEndpoint(new Registry());
    await endpoint.open();
    const idle = connect(endpoint.port ?? raise("no port"), "127.0.0.1");
    await once(idle, "connect");
    const closed = once(idle, "close");
    idle.resume();
    await Promise.all([endpoint.close(), closed]);
    await expect(fetch(urlOf(endpoint))).rejects.toThrow();
  });

  test("can be closed without having been opened", async () => {
    await expect(createEndpoint(new Registry()).close()).resolves.toBeUndefined();
  });
});

describe.each(kinds)("the metrics endpoint of $name", ({ create }) => {
  const variables = { METRICS_ADDRESS: "127.0.0.1:0", SHUTDOWN_GRACE_MS: "60000" };

  test("shows the calls of the app, and closes with it", async () => {
    const registry = new Registry();
    const metrics = createEndpoint(registry);
    const dependencies = { registry, resources: { metrics } };
    const app = await startApp(create, { variables, dependencies });
    await app.client(HealthClient).check({});
    expect(await (await fetch(urlOf(metrics))).text()).toMatch(
      /grpc_server_handled_total\{.*grpc_method="Check",.*grpc_code="OK"\} 1/,
    );
    await app.close();
    await expect(fetch(urlOf(metrics))).rejects.toThrow();
  });

  test("serves until the last call has ended, and counts it", async () => {
    const registry = new Registry();
    const metrics = createEndpoint(registry);
    const called = signpost();
    const release = signpost();
    const handlers = {
      async unary() {
        called.reach();
        await release.reached;
        return {};
      },
    };
    const dependencies = { registry, resources: { metrics }, handlers };
    const app = await startApp(create, { variables, dependencies });
    const last = app.client(EchoClient).unary({});
    await called.reached;
    const stopped = app.stop();
    const meanwhile = await (await fetch(urlOf(metrics))).text();
    expect(meanwhile).toMatch(/grpc_server_in_flight\{.*grpc_method="Unary",.*\} 1\n/);
    release.reach();
    await last;
    await stopped;
    await expect(fetch(urlOf(metrics))).rejects.toThrow();
    expect(await registry.metrics()).toMatch(
      /grpc_server_handled_total\{.*grpc_method="Unary",.*grpc_code="OK"\} 1\n/,
    );
  });

  test("prevents the start of the app, with one line, when its port is in use", async () => {
    const other = createEndpoint(new Registry());
    await other.open();
    const address = `127.0.0.1:${other.port}`;
    const started = startApp(create, { variables: { METRICS_ADDRESS: address } });
    await expect(started).rejects.toThrow(
      new RegExp(
        `^metrics cannot be opened: cannot serve metrics on ${address}: .*EADDRINUSE[^\n]*$`,
      ),
    );
  });
});
