/** Metrics for Prometheus. Needs the package prom-client. */
export { metrics } from "./metrics.ts";
export {
  type MetricsEndpoint,
  type MetricsEndpointOptions,
  metricsEndpoint,
} from "./metrics-endpoint.ts";
