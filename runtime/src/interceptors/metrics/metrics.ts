import { Histogram, type Registry } from "prom-client";
import type { ClientCall, ServerCall } from "../../call.ts";
import type { Interceptor } from "../../interceptor.ts";
import { onCallEnd } from "../call-end.ts";
import { CallTallies, methodLabels } from "./call-tallies.ts";

/** In seconds: from one millisecond to half a minute. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Counts and times calls for Prometheus, with the metric names of go-grpc-prometheus. Refused calls count
 * too. Works on a client with `side: "client"`.
 *
 * @example
 * ```ts
 * metrics({ registry: new Registry() })
 * ```
 */
export function metrics(options: {
  registry: Registry;
  side?: "server" | "client";
  /** Upper bounds of the latency histogram, in seconds. */
  buckets?: readonly number[];
}): Interceptor<ClientCall | ServerCall> {
  const { registry, side = "server", buckets = latencyBuckets } = options;
  const tallies = new CallTallies(registry, side);
  const seconds = new Histogram({
    name: `grpc_${side}_handling_seconds`,
    help: "Duration of calls in seconds, refused calls included.",
    labelNames: methodLabels,
    buckets: [...buckets],
    registers: [registry],
  });
  return function metrics(call, next) {
    const tally = tallies.of(call.method);
    call.onRequest(tally.countRequest);
    call.onResponse(tally.countResponse);
    tally.started += 1;
    tally.running += 1;
    return onCallEnd(next, (code, durationMs) => {
      tally.running -= 1;
      tally.ended.set(code, (tally.ended.get(code) ?? 0) + 1);
      seconds.observe(tally.labels, durationMs / 1000);
    });
  };
}
