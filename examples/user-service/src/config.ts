import {
  type ClientConfig,
  type ConfigLoader,
  defineConfig,
  readClientConfig,
  readServiceConfig,
  readServiceInfo,
  type ServiceConfig,
} from "grpc-service/config";
import { type Language, readLanguage } from "./users/messages.ts";
import { readMemoryStore } from "./users/open-memory-store.ts";

const service = readServiceInfo(new URL("../package.json", import.meta.url));

/** Settings of the server. They are read and checked once, at start. */
export interface Config extends ServiceConfig {
  /** Language of responses and errors. */
  readonly language: Language;
  /** Whether users are kept in memory. If not, loading the settings fails. */
  readonly memoryStore: boolean;
}

/** Reads the settings from environment variables. The error names every variable that is wrong. */
export const loadConfig: ConfigLoader<Config> = defineConfig((env) => ({
  ...readServiceConfig(env, service),
  language: readLanguage(env),
  memoryStore: readMemoryStore(env),
}));

/** Reads the settings of clients of this service. */
export const loadClientConfig: ConfigLoader<ClientConfig> = defineConfig((env) =>
  readClientConfig(env, service),
);
