import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { LoadBalancingConfig, MethodConfig, RetryPolicy, ServiceConfig } from "@grpc/grpc-js";
import { type MethodDefinition, methodsOf, type ServiceDefinition } from "../method.ts";

/** How calls are distributed over the servers behind one address. */
export type LoadBalancing = "pick_first" | "round_robin";

/**
 * Retries after UNAVAILABLE of methods that are safe to repeat: those marked in the proto
 * (`option idempotency_level = NO_SIDE_EFFECTS` or `IDEMPOTENT`) and those named here. A call is
 * retried until its deadline, but not after it has received something, or if its requests exceed
 * 64 KiB (`grpc.per_rpc_retry_buffer_size` in `channelOptions`).
 */
export interface RetrySettings {
  /** Further methods that are safe to repeat, such as `user.UserService/GetUser`. */
  readonly methods?: readonly string[];
  /** Maximum number of attempts, including the first. Default: 4. */
  readonly maxAttempts?: number;
  /** Milliseconds before the first retry, plus or minus a fifth. Default: 100. */
  readonly initialBackoffMs?: number;
  /** Maximum of the milliseconds before a retry. Default: 1000. */
  readonly maxBackoffMs?: number;
  /** Factor by which the delay grows from retry to retry. Default: 2. */
  readonly backoffMultiplier?: number;
}

interface ServiceConfigSettings {
  /** The user's `grpc.service_config`, as JSON. */
  readonly own: string | undefined;
  readonly services: readonly ServiceDefinition[];
  readonly retry: RetrySettings | false;
  readonly loadBalancing: LoadBalancing | undefined;
}

/**
 * The service config of a channel.
 *
 * @throws Error when the user's config is not JSON or `retry` is invalid.
 */
export function serviceConfig(settings: ServiceConfigSettings): ServiceConfig {
  const { services, retry, loadBalancing } = settings;
  const own = parse(settings.own);
  const methodConfig = own.methodConfig ?? [];
  const retries = retry === false ? [] : retryConfigs(services, retry);
  const balancing: LoadBalancingConfig[] =
    loadBalancing === undefined ? [] : [{ [loadBalancing]: {} }];
  return {
    ...own,
    loadBalancingConfig: own.loadBalancingConfig ?? balancing,
    methodConfig: [...methodConfig, ...retries.filter((config) => !covers(methodConfig, config))],
  };
}

function parse(json = "{}"): Partial<ServiceConfig> {
  try {
    // grpc-js checks the rest when it creates the channel.
    return JSON.parse(json) as Partial<ServiceConfig>;
  } catch (cause) {
    throw new Error("channelOptions: grpc.service_config is not JSON", { cause });
  }
}

/** Whether `configs` contain all methods of `config`, by method, by service or by default. */
function covers(configs: readonly MethodConfig[], config: MethodConfig): boolean {
  return config.name.every(({ service, method }) =>
    configs
      .flatMap(({ name }) => name)
      .some(
        (name) =>
          !name.service || (name.service === service && (!name.method || name.method === method)),
      ),
  );
}

/**
 * The retries of safe methods, as a service config describes them.
 *
 * @throws Error when a method named in `settings` is not one of `services`.
 * @throws RangeError when a number is out of range.
 */
function retryConfigs(
  services: readonly ServiceDefinition[],
  settings: RetrySettings,
): MethodConfig[] {
  const retryPolicy = policy(settings);
  const methods = methodsOf(services);
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
