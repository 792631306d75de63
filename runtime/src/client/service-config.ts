import type { LoadBalancingConfig, MethodConfig, ServiceConfig } from "@grpc/grpc-js";
import type { ServiceDefinition } from "../method.ts";
import { hedgingConfigs, retryConfigs } from "./attempt-policies.ts";
import { outlierDetection } from "./outlier-detection.ts";
import type { ResilienceSettings } from "./resilience.ts";

interface ServiceConfigSettings extends ResilienceSettings {
  /** The user's `grpc.service_config`, as JSON. */
  readonly own: string | undefined;
  readonly services: readonly ServiceDefinition[];
}

/**
 * The service config of a channel.
 *
 * @throws Error in one line when the user's config is not JSON or a setting is invalid.
 */
export function serviceConfig(settings: ServiceConfigSettings): ServiceConfig {
  const { services, retry = {}, hedging } = settings;
  const own = parse(settings.own);
  const ownMethods = own.methodConfig ?? [];
  const hedged = hedging === undefined ? [] : hedgingConfigs(services, hedging);
  const retried = retry === false ? [] : retryConfigs(services, retry);
  const methodConfig = [...ownMethods, ...without(ownMethods, hedged)];
  return {
    ...own,
    loadBalancingConfig: own.loadBalancingConfig ?? balancing(settings),
    methodConfig: [...methodConfig, ...without(methodConfig, retried)],
  };
}

/** @throws Error when the settings exclude each other. */
function balancing({ loadBalancing, outlierEjection }: ResilienceSettings): LoadBalancingConfig[] {
  if (outlierEjection === undefined) {
    return loadBalancing === undefined ? [] : [{ [loadBalancing]: {} }];
  }
  if (loadBalancing === "pick_first") {
    throw new Error("outlierEjection needs several servers: use loadBalancing round_robin");
  }
  return [outlierDetection(outlierEjection, { round_robin: {} })];
}

function parse(json = "{}"): Partial<ServiceConfig> {
  try {
    // grpc-js checks the rest when it creates the channel.
    return JSON.parse(json) as Partial<ServiceConfig>;
  } catch (cause) {
    throw new Error("channelOptions: grpc.service_config is not JSON", { cause });
  }
}

/** Those of `configs` that `others` do not have: each method has one. */
function without(others: readonly MethodConfig[], configs: readonly MethodConfig[]) {
  return configs.filter((config) => !covers(others, config));
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
