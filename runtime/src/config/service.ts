import type { ServerLimits } from "../server/limits.ts";
import { type AuthConfig, readAuthConfig, refuseWeakAuth } from "./auth.ts";
import { type DeadlineConfig, readDeadlines } from "./deadlines.ts";
import type { EnvReader } from "./env-reader.ts";
import { type Environment, readEnvironmentName, refuseOpenDevelopment } from "./environment.ts";
import { readLimits } from "./limits.ts";
import { type RateLimitConfig, readRateLimit } from "./rate-limit.ts";
import type { ServiceInfo } from "./service-info.ts";
import { readServerTls, type ServerTlsConfig } from "./tls.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** Least severe log line that is written; `silent` writes none. */
export type LogLevel = (typeof logLevels)[number];

/** The settings that every service has. */
export interface ServiceConfig {
  /** Name and version of the service, from its package.json. */
  readonly service: ServiceInfo;
  readonly environment: Environment;
  /** Address to listen on, `host:port`; port 0 takes a free port. */
  readonly address: string;
  readonly logLevel: LogLevel;
  /** Bytes of log lines that are kept while nobody reads them; 0: calls wait for the reader. */
  readonly logBufferBytes: number;
  /** Milliseconds that running calls may take to finish once the server stops. */
  readonly shutdownGraceMs: number;
  /** Address of the Prometheus endpoint; undefined: no metrics. */
  readonly metricsAddress: string | undefined;
  /** Compression of responses; undefined: they are sent as they are. */
  readonly compression: { readonly minBytes: number } | undefined;
  /** Whether callers may list the services (server reflection). */
  readonly reflection: boolean;
  /** Whether the log records the caller of each call. */
  readonly audit: boolean;
  readonly limits: ServerLimits;
  readonly deadlines: DeadlineConfig;
  readonly rateLimit: RateLimitConfig;
  /** Undefined: plain text. */
  readonly tls: ServerTlsConfig | undefined;
  readonly auth: AuthConfig;
}

/** Reads the settings that every service has. Problems are collected in `env`. */
export function readServiceConfig(env: EnvReader, service: ServiceInfo): ServiceConfig {
  env.section("Server");
  const environment = readEnvironmentName(env);
  const config = {
    service,
    environment,
    ...readServerSettings(env, environment),
    auth: readAuthConfig(env, service),
    tls: readServerTls(env),
    deadlines: readDeadlines(env),
    rateLimit: readRateLimit(env),
    limits: readLimits(env),
  };
  refuseOpenDevelopment(env, config);
  refuseWeakAuth(env, config);
  return config;
}

function readServerSettings(env: EnvReader, environment: Environment) {
  const development = environment === "development";
  return {
    address: env.address(
      "ADDRESS",
      "Address to listen on. Port 0 takes a free port.",
      "127.0.0.1:50051",
    ),
    logLevel:
      env.oneOf(
        "LOG_LEVEL",
        "Least severe line to log. Default: debug in development, else info.",
        logLevels,
        undefined,
      ) ?? (development ? "debug" : "info"),
    logBufferBytes: env.unlisted(() =>
      env.integer(
        "LOG_BUFFER_BYTES",
        "Bytes of log lines to keep while their reader stalls; further ones are dropped. 0: calls wait for it.",
        0,
        { min: 0, max: 1_073_741_824 },
      ),
    ),
    shutdownGraceMs:
      env.integer(
        "SHUTDOWN_GRACE_MS",
        "Time limit for running calls when the server stops. Default: 2000 in development, else 10000.",
        undefined,
        { min: 0, max: 600_000 },
      ) ?? (development ? 2000 : 10_000),
    metricsAddress: env.address(
      "METRICS_ADDRESS",
      "Address of the Prometheus endpoint /metrics, such as 127.0.0.1:9464. Default: no metrics.",
      undefined,
    ),
    reflection:
      env.onOff(
        "REFLECTION",
        "Lets callers list the services. Default: on in development, else off.",
        undefined,
      ) ?? development,
    audit: env.onOff("AUDIT_LOG", "Logs who made each call.", false),
    compression: readCompression(env),
  };
}

function readCompression(env: EnvReader): { readonly minBytes: number } | undefined {
  const minBytes = env.integer(
    "COMPRESS_FROM_BYTES",
    "Size from which a response is compressed (gzip) for callers that accept it. 0: never.",
    0,
    { min: 0, max: 1_073_741_824 },
  );
  return minBytes === 0 ? undefined : { minBytes };
}
