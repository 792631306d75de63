import { existsSync } from "node:fs";
import { type AuthConfig, readAuthConfig, refuseWeakAuth } from "./config/auth.ts";
import { type DeadlineConfig, readDeadlines } from "./config/deadlines.ts";
import { type DependencyConfig, readDependencyConfig } from "./config/dependencies.ts";
import { EnvReader } from "./config/env-reader.ts";
import { type Environment, environmentOf } from "./config/environment.ts";
import { readLimits } from "./config/limits.ts";
import { type RateLimitConfig, readRateLimit } from "./config/rate-limit.ts";
import { readServerTls, type ServerTlsConfig } from "./config/tls.ts";
import type { ServerLimits } from "./gen/runtime/index.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Settings of the server, checked at start. README.md lists the variables. */
export interface Config {
  readonly environment: Environment;
  /** Where to listen; port 0 takes a free one. */
  readonly address: string;
  readonly logLevel: (typeof logLevels)[number];
  /** How long running calls may take to finish once the server stops. */
  readonly shutdownGraceMs: number;
  /** Where Prometheus finds the metrics; undefined: nothing is measured. */
  readonly metricsAddress: string | undefined;
  /** Whether callers may ask which services there are. */
  readonly reflection: boolean;
  /** Whether the log says of every call who made it. */
  readonly audit: boolean;
  readonly limits: ServerLimits;
  readonly deadlines: DeadlineConfig;
  readonly rateLimit: RateLimitConfig;
  /** Undefined: no TLS. */
  readonly tls: ServerTlsConfig | undefined;
  readonly auth: AuthConfig;
  readonly dependencies: DependencyConfig;
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
  const config = readConfig(env);
  refuseWeakAuth(env, config);
  env.finish();
  return config;
}

/** Reads every setting of the server; what is wrong with them, `env` knows. */
export function readConfig(env: EnvReader): Config {
  env.section("The server");
  const environment = environmentOf(env);
  return {
    environment,
    address: env.address("ADDRESS", "where to listen; port 0 takes a free one", "127.0.0.1:50051"),
    logLevel:
      env.oneOf(
        "LOG_LEVEL",
        "what is worth a line; debug in development and info elsewhere, unless set",
        logLevels,
        undefined,
      ) ?? (environment === "development" ? "debug" : "info"),
    shutdownGraceMs:
      env.integer(
        "SHUTDOWN_GRACE_MS",
        "time for running calls to finish when the server stops; 2000 in development and 10000 elsewhere, unless set",
        undefined,
        { min: 0, max: 600_000 },
      ) ?? (environment === "development" ? 2000 : 10_000),
    metricsAddress: env.address(
      "METRICS_ADDRESS",
      "where Prometheus asks for /metrics, such as 127.0.0.1:9464; not set: nothing is measured",
      undefined,
    ),
    reflection:
      env.onOff(
        "REFLECTION",
        "whether callers may list the services; on in development only, unless set",
        undefined,
      ) ?? environment === "development",
    audit: env.onOff("AUDIT_LOG", "whether the log says who made each call", false),
    dependencies: readDependencyConfig(env),
    auth: readAuthConfig(env),
    tls: readServerTls(env),
    deadlines: readDeadlines(env),
    rateLimit: readRateLimit(env),
    limits: readLimits(env),
  };
}
