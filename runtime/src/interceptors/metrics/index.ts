/** Metrics for Prometheus. Needs the package prom-client. */
export { type CacheMetricsOptions, type CountedCache, cacheMetrics } from "./cache-metrics.ts";
export { type MetricsOptions, metrics } from "./metrics.ts";
export {
  type MetricsEndpoint,
  type MetricsEndpointOptions,
  metricsEndpoint,
} from "./metrics-endpoint.ts";
export { type CountedPool, type PoolMetricsOptions, poolMetrics } from "./pool-metrics.ts";
