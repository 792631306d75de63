import type { LoadBalancingConfig, MethodConfig, ServiceConfig } from "@grpc/grpc-js";
import type { ServiceDefinition } from "../method.ts";
import { type RetrySettings, retryConfigs } from "./retry.ts";

/** How calls choose among the servers behind one address. */
export type LoadBalancing = "pick_first" | "round_robin";

interface ServiceConfigSettings {
  /** The user's own `grpc.service_config`, JSON. */
  readonly own: string | undefined;
  readonly services: readonly ServiceDefinition[];
  readonly retry: RetrySettings | false;
  readonly loadBalancing: LoadBalancing | undefined;
}

/**
 * The service config of a channel.
 *
 * @throws Error when the user's own is not JSON or `retry` is wrong.
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
    // grpc-js checks the rest when it makes the channel.
    return JSON.parse(json) as Partial<ServiceConfig>;
  } catch (cause) {
    throw new Error("channelOptions: grpc.service_config is not JSON", { cause });
  }
}

/** Whether `configs` speak of the methods of `config`: by method, by service or of everything. */
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
