import type { LoadBalancingConfig } from "@grpc/grpc-js";
import type { OutlierEjectionSettings } from "./resilience.ts";
import { integerIn, positive } from "./setting-checks.ts";

/** A duration as grpc-js reads it here: a text such as `0.5s` would turn everything off. */
interface Duration {
  readonly seconds: number;
  readonly nanos: number;
}

/**
 * Outlier detection around a policy of load balancing, as grpc-js reads it.
 *
 * @throws RangeError in one line when a setting is out of range: grpc-js would ignore all of them.
 */
export function outlierDetection(
  settings: OutlierEjectionSettings,
  child: LoadBalancingConfig,
): LoadBalancingConfig {
  const {
    intervalMs = 10_000,
    ejectionMs = 30_000,
    maxEjectionMs = 300_000,
    maxEjectedPercent = 50,
    failurePercent = 85,
    minCalls = 20,
    minServers = 2,
  } = settings;
  return {
    outlier_detection: {
      interval: duration("intervalMs", intervalMs),
      base_ejection_time: duration("ejectionMs", ejectionMs),
      max_ejection_time: duration("maxEjectionMs", Math.max(maxEjectionMs, ejectionMs)),
      max_ejection_percent: percent("maxEjectedPercent", maxEjectedPercent),
      failure_percentage_ejection: {
        threshold: percent("failurePercent", failurePercent),
        enforcement_percentage: 100,
        minimum_hosts: count("minServers", minServers),
        request_volume: count("minCalls", minCalls),
      },
      child_policy: [child],
    },
  };
}

function duration(name: string, milliseconds: number): Duration {
  const ms = Math.round(positive(`outlierEjection: ${name}`, milliseconds));
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}

function percent(name: string, value: number): number {
  return integerIn(`outlierEjection: ${name}`, value, 1, 100);
}

function count(name: string, value: number): number {
  return integerIn(`outlierEjection: ${name}`, value, 1, Number.POSITIVE_INFINITY);
}
