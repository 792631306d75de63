import type { Resources } from "grpc-service/app";
import { metricsEndpoint } from "grpc-service/interceptors/metrics";
import { type CallLimiter, createRateLimiter } from "grpc-service/interceptors/rate-limit";
import { createLogger } from "grpc-service/logger";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Config } from "./config.ts";

/** What handlers and interceptors may use. Tests pass their own. */
export interface Dependencies {
  readonly logger: Logger;
  /** The current time. */
  readonly clock: () => Date;
  /** Metrics. Register your own here too. */
  readonly registry: Registry;
  /** Undefined: no rate limit. */
  readonly limiter: CallLimiter | undefined;
  /** Opened at start, watched by health, closed at the end. */
  readonly resources: Resources;
}

/** Creates what the server depends on: add your database, cache or clients of other services. */
export function createDependencies(config: Config): Dependencies {
  const logger = createLogger(config);
  const registry = new Registry();
  return {
    logger,
    clock: () => new Date(),
    registry,
    limiter: createRateLimiter(config.rateLimit),
    resources: {
      metrics: metricsEndpoint({ address: config.metricsAddress, registry, logger }),
    },
  };
}
