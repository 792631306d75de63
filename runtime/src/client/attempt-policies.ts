import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { MethodConfig } from "@grpc/grpc-js";
import { type MethodDefinition, methodsOf, type ServiceDefinition } from "../method.ts";
import type { HedgingSettings, RetrySettings } from "./resilience.ts";
import { integerIn, positive, seconds } from "./setting-checks.ts";

/** grpc-js makes no more attempts than this. */
const mostHedges = 5;

/**
 * The retries of safe methods, as a service config describes them.
 *
 * @throws Error when a method named in `settings` is not one of `services`.
 * @throws RangeError when a number is out of range.
 */
export function retryConfigs(
  services: readonly ServiceDefinition[],
  settings: RetrySettings,
): MethodConfig[] {
  const {
    maxAttempts = 4,
    initialBackoffMs = 100,
    maxBackoffMs = 1_000,
    backoffMultiplier = 2,
  } = settings;
  const named = namedMethods("retry", services, settings.methods ?? []);
  const retryPolicy = {
    maxAttempts: integerIn("retry: maxAttempts", maxAttempts, 2, Number.POSITIVE_INFINITY),
    initialBackoff: seconds("retry: initialBackoffMs", initialBackoffMs),
    maxBackoff: seconds("retry: maxBackoffMs", maxBackoffMs),
    backoffMultiplier: positive("retry: backoffMultiplier", backoffMultiplier),
    retryableStatusCodes: ["UNAVAILABLE"],
  };
  return methodsOf(services)
    .filter((method) => isSafe(method) || named.includes(method))
    .map(({ service, name }) => ({ name: [{ service, method: name }], retryPolicy }));
}

/**
 * The hedged methods, as a service config describes them.
 *
 * @throws Error when a method named in `settings` is not one of `services`.
 * @throws RangeError when a number is out of range.
 */
export function hedgingConfigs(
  services: readonly ServiceDefinition[],
  settings: HedgingSettings,
): MethodConfig[] {
  const { methods, maxAttempts = 2, delayMs, nonFatal = ["UNAVAILABLE"] } = settings;
  const hedgingPolicy = {
    maxAttempts: integerIn("hedging: maxAttempts", maxAttempts, 2, mostHedges),
    hedgingDelay: seconds("hedging: delayMs", delayMs),
    nonFatalStatusCodes: [...nonFatal],
  };
  return namedMethods("hedging", services, methods).map(({ service, name }) => ({
    name: [{ service, method: name }],
    hedgingPolicy,
  }));
}

function isSafe({ descriptor }: MethodDefinition): boolean {
  return descriptor.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
}

function namedMethods(
  setting: string,
  services: readonly ServiceDefinition[],
  names: readonly string[],
): MethodDefinition[] {
  const methods = methodsOf(services);
  return names.map((name) => {
    const found = methods.find((method) => fullName(method) === name);
    if (found !== undefined) return found;
    const known = methods.map(fullName).join(", ") || "none: give services";
    throw new Error(`${setting}: there is no method ${name}, only ${known}`);
  });
}

function fullName({ service, name }: MethodDefinition): string {
  return `${service}/${name}`;
}
