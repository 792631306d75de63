import { existsSync } from "node:fs";
import { type AuthConfig, readAuthConfig, refuseWeakAuth } from "./config/auth.ts";
import { type DependencyConfig, readDependencyConfig } from "./config/dependencies.ts";
import { EnvReader } from "./config/env-reader.ts";
import { readServerTls, type ServerTlsConfig } from "./config/tls.ts";

const environments = ["development", "test", "production"] as const;
const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Settings of the server, checked at start. README.md lists the variables. */
export interface Config {
  readonly environment: (typeof environments)[number];
  /** Where to listen; port 0 takes a free one. */
  readonly address: string;
  readonly logLevel: (typeof logLevels)[number];
  /** How long running calls may take to finish once the server stops. */
  readonly shutdownGraceMs: number;
  readonly limits: Limits;
  /** Undefined: no TLS. */
  readonly tls: ServerTlsConfig | undefined;
  readonly auth: AuthConfig;
  readonly dependencies: DependencyConfig;
}

export interface Limits {
  /** Largest message in either direction. */
  readonly maxMessageBytes: number;
  /** Calls that one connection may have open at a time. */
  readonly maxConcurrentStreams: number;
}

/**
 * The environment variables, with those of a `.env` file in the working directory added: variables
 * that are set win over the file. Nothing else in this project reads `process.env`.
 */
export function readEnvironment(): NodeJS.ProcessEnv {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return process.env;
}

/** @throws ConfigError that names every variable that is missing or wrong. */
export function loadConfig(variables: NodeJS.ProcessEnv): Config {
  const env = new EnvReader(variables);
  const config: Config = {
    environment: env.oneOf("ENV", environments, "development"),
    address: env.address("ADDRESS", "127.0.0.1:50051"),
    logLevel: env.oneOf("LOG_LEVEL", logLevels, "info"),
    shutdownGraceMs: env.integer("SHUTDOWN_GRACE_MS", 10_000, { min: 0, max: 600_000 }),
    limits: {
      maxMessageBytes: env.integer("MAX_MESSAGE_BYTES", 4_194_304, { min: 1, max: 1_073_741_824 }),
      maxConcurrentStreams: env.integer("MAX_CONCURRENT_STREAMS", 1000, { min: 1, max: 1_000_000 }),
    },
    tls: readServerTls(env),
    auth: readAuthConfig(env),
    dependencies: readDependencyConfig(env),
  };
  refuseWeakAuth(env, config);
  env.finish();
  return config;
}
