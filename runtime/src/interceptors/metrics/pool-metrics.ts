import { Gauge, type Registry } from "prom-client";

/** The counts of a `Pool` of pg. */
export interface CountedPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Options of `poolMetrics`. */
export interface PoolMetricsOptions {
  readonly registry: Registry;
}

/**
 * Registers gauges of a connection pool: its connections, those of them that are idle, and the queries
 * that wait for one. A registry takes one pool.
 *
 * @returns the pool
 *
 * @example
 * ```ts
 * const database = poolMetrics(new Pool({ connectionString }), { registry });
 * ```
 */
export function poolMetrics<Pool extends CountedPool>(
  pool: Pool,
  { registry }: PoolMetricsOptions,
): Pool {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge("pg_pool_connections", "Connections of the pool.", () => pool.totalCount);
  gauge("pg_pool_idle_connections", "Connections that nobody uses.", () => pool.idleCount);
  gauge(
    "pg_pool_waiting_requests",
    "Requests for a connection that wait.",
    () => pool.waitingCount,
  );
  return pool;
}
