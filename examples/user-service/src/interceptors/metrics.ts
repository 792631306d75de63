import { Histogram, type Registry } from "prom-client";
import type { Interceptor, MessageHook, MethodInfo } from "../gen/runtime/index.ts";
import { untilEnd } from "./call-end.ts";
import { CallTallies, methodLabels } from "./call-tallies.ts";

/** The part of a call that server and client have in common here. */
interface MeteredCall {
  readonly method: MethodInfo;
  onRequest(hook: MessageHook): void;
  onResponse(hook: MessageHook): void;
}

/** In seconds: from one millisecond to half a minute. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Counts and times calls for Prometheus, under the names that the dashboards of other gRPC
 * libraries know. Refused calls count, too. Serves on a client as well, with `side: "client"`.
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
}): Interceptor<MeteredCall> {
  const { registry, side = "server", buckets = latencyBuckets } = options;
  const tallies = new CallTallies(registry, side);
  const seconds = new Histogram({
    name: `grpc_${side}_handling_seconds`,
    help: "How long calls take, refused ones included.",
    labelNames: methodLabels,
    buckets: [...buckets],
    registers: [registry],
  });
  return function measure(call, next) {
    const tally = tallies.of(call.method);
    call.onRequest(() => {
      tally.requests += 1;
    });
    call.onResponse(() => {
      tally.responses += 1;
    });
    tally.started += 1;
    tally.running += 1;
    return untilEnd(next, (code, durationMs) => {
      tally.running -= 1;
      tally.ended.set(code, (tally.ended.get(code) ?? 0) + 1);
      seconds.observe(tally.labels, durationMs / 1000);
    });
  };
}
