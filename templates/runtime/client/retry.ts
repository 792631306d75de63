import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { MethodConfig, RetryPolicy } from "@grpc/grpc-js";
import type { MethodDefinition, ServiceDefinition } from "../method.ts";

/**
 * Retries after UNAVAILABLE, for methods that are safe to repeat: those that say so in the proto
 * (`option idempotency_level = NO_SIDE_EFFECTS` or `IDEMPOTENT`) and those named here. A call is
 * retried until its deadline, but not once it has received something, nor when its requests exceed
 * 64 KiB (`grpc.per_rpc_retry_buffer_size` in `channelOptions`).
 */
export interface RetrySettings {
  /** Methods that are safe though their proto does not say so: `user.UserService/GetUser`. */
  readonly methods?: readonly string[];
  /** How often a call is made at most, the first time included; 4. */
  readonly maxAttempts?: number;
  /** Milliseconds before the first retry, give or take a fifth; 100. */
  readonly initialBackoffMs?: number;
  /** Milliseconds before any retry, at most; 1000. */
  readonly maxBackoffMs?: number;
  /** By how much the wait grows from retry to retry; 2. */
  readonly backoffMultiplier?: number;
}

/**
 * Retries as grpc-js' channels do them.
 *
 * @throws Error when a method named in `settings` is not one of `services`, RangeError when a number
 * makes no sense.
 */
export function retryConfigs(
  services: readonly ServiceDefinition[],
  settings: RetrySettings,
): MethodConfig[] {
  const retryPolicy = policy(settings);
  const methods = services.flatMap((service) => Object.values(service));
  const named = new Set(settings.methods);
  const safe = methods.filter((method) => isSafe(method) || named.has(fullName(method)));
  const unknown = [...named].find((name) => !methods.some((method) => fullName(method) === name));
  if (unknown !== undefined) {
    const known = methods.map(fullName).join(", ");
    throw new Error(`retry: there is no method ${unknown}, only ${known || "none: give services"}`);
  }
  return safe.map(({ service, name }) => ({ name: [{ service, method: name }], retryPolicy }));
}

function isSafe({ descriptor }: MethodDefinition): boolean {
  return descriptor.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
}

function fullName({ service, name }: MethodDefinition): string {
  return `${service}/${name}`;
}

function policy(settings: RetrySettings): RetryPolicy {
  const {
    maxAttempts = 4,
    initialBackoffMs = 100,
    maxBackoffMs = 1_000,
    backoffMultiplier = 2,
  } = settings;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 2) {
    throw new RangeError(`retry: maxAttempts must be an integer of 2 or more, not ${maxAttempts}`);
  }
  return {
    maxAttempts,
    initialBackoff: seconds("initialBackoffMs", initialBackoffMs),
    maxBackoff: seconds("maxBackoffMs", maxBackoffMs),
    backoffMultiplier: positive("backoffMultiplier", backoffMultiplier),
    retryableStatusCodes: ["UNAVAILABLE"],
  };
}

function seconds(name: string, milliseconds: number): string {
  return `${(positive(name, milliseconds) / 1000).toFixed(3)}s`;
}

function positive(name: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RangeError(`retry: ${name} must be more than 0, not ${value}`);
}
