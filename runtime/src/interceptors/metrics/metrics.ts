import type { Registry } from "prom-client";
import type { ClientCall, ServerCall } from "../../call.ts";
import type { Interceptor } from "../../interceptor.ts";
import { layer } from "../../layer.ts";
import type { MethodInfo } from "../../method.ts";
import { onCallEnd } from "../call-end.ts";
import { CallTallies } from "./call-tallies.ts";
import { serverCounts } from "./server-counts.ts";
import { registerServerMetrics } from "./server-metrics.ts";

/** In seconds: from one millisecond to half a minute. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Options of `metrics`. */
export interface MetricsOptions {
  readonly registry: Registry;
  /** Default: server. */
  readonly side?: "server" | "client";
  /** Upper bounds of the latency histogram, in seconds. */
  readonly buckets?: readonly number[];
  /** Version of your service, for `grpc_service_build_info`. Default: `unknown`. */
  readonly version?: string;
}

/**
 * Counts and times calls for Prometheus, with the metric names and labels of go-grpc-prometheus. Refused
 * calls count too. Every method is at 0 before its first call. On a server there are also metrics of its
 * connections, health and overload: create it before the server and its health. Works on a client with
 * `side: "client"`.
 *
 * @example
 * ```ts
 * metrics({ registry: new Registry() })
 * ```
 */
export function metrics(options: MetricsOptions): Interceptor<ClientCall | ServerCall> {
  const { registry, side = "server", buckets = latencyBuckets, version = "unknown" } = options;
  const tallies = new CallTallies({ registry, side, buckets });
  if (side === "server") registerServerMetrics(registry, tallies, version);

  const counting = layer<ClientCall | ServerCall>(function metrics(call) {
    const tally = tallies.of(call.method);
    call.onRequest(tally.countRequest);
    call.onResponse(tally.countResponse);
    tally.started += 1;
    tally.running += 1;
    return onCallEnd((code, durationMs) => tallies.end(tally, code, durationMs / 1000));
  });

  return Object.assign(counting, {
    prepare(method: MethodInfo): void {
      tallies.of(method);
      if (side === "server") serverCounts.addMethod(method.path);
    },
  });
}
