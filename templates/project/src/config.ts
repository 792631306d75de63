import {
  type ClientConfig,
  type ConfigLoader,
  defineConfig,
  readClientConfig,
  readServiceConfig,
  readServiceInfo,
  type ServiceConfig,
} from "grpc-service/config";

const service = readServiceInfo(new URL("../package.json", import.meta.url));

/** Settings of the server. They are read and checked once, at start. */
export interface Config extends ServiceConfig {
  // Add your own here and below, for example: readonly shopAddress: string;
}

/** Reads the settings from environment variables. The error names every variable that is wrong. */
export const loadConfig: ConfigLoader<Config> = defineConfig((env) => ({
  ...readServiceConfig(env, service),
  // shopAddress: env.address("SHOP_ADDRESS", "Address of the shop service.", "localhost:50052"),
}));

/** Reads the settings of clients of this service. */
export const loadClientConfig: ConfigLoader<ClientConfig> = defineConfig((env) =>
  readClientConfig(env, service),
);
