import { Pool } from "pg";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { poolMetrics } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { metricValue } from "../../support/metric-values.ts";

test("the counts of a pool are read when Prometheus asks", async () => {
  const registry = new Registry();
  const pool = { totalCount: 3, idleCount: 2, waitingCount: 0 };
  expect(poolMetrics(pool, { registry })).toBe(pool);
  const values = async () => [
    await metricValue(registry, "pg_pool_connections"),
    await metricValue(registry, "pg_pool_idle_connections"),
    await metricValue(registry, "pg_pool_waiting_requests"),
  ];
  expect(await values()).toEqual([3, 2, 0]);
  Object.assign(pool, { totalCount: 10, idleCount: 0, waitingCount: 7 });
  expect(await values()).toEqual([10, 0, 7]);
});

test("a pool of pg has these counts", async () => {
  const registry = new Registry();
  const pool = poolMetrics(new Pool({ host: "127.0.0.1", port: 1 }), { registry });
  await expect(pool.query("SELECT 1")).rejects.toThrow();
  await pool.end();
  expect(await metricValue(registry, "pg_pool_connections")).toBe(0);
});
