import {
  type ClientConfig,
  type ConfigLoader,
  defineConfig,
  readClientConfig,
  readServiceConfig,
  readServiceInfo,
  type ServiceConfig,
} from "grpc-service/config";
import { type DatabaseConfig, readDatabaseConfig } from "grpc-service/postgres";
import { type Language, readLanguage } from "./users/messages.ts";

const service = readServiceInfo(new URL("../package.json", import.meta.url));

/** Settings of the server. They are read and checked once, at start. */
export interface Config extends ServiceConfig {
  /** Language of responses and errors. */
  readonly language: Language;
  readonly database: DatabaseConfig;
}

/** Reads the settings from environment variables. The error names every variable that is wrong. */
export const loadConfig: ConfigLoader<Config> = defineConfig((env) => ({
  ...readServiceConfig(env, service),
  language: readLanguage(env),
  database: readDatabaseConfig(env),
}));

/** Reads the settings of clients of this service. */
export const loadClientConfig: ConfigLoader<ClientConfig> = defineConfig((env) =>
  readClientConfig(env, service),
);
