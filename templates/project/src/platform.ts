import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Config } from "./config.ts";
import type { Notify } from "./interceptors/alert.ts";
import { createLogger } from "./logger.ts";
import { createRateLimiter, type RateLimiter } from "./rate-limiter.ts";

/** What the server itself needs, whatever its handlers do. */
export interface Platform extends RateLimiter {
  readonly logger: Logger;
  /** The current time; tests set it. */
  readonly clock: () => Date;
  /** Metrics, for METRICS_ADDRESS; put your own in here, too. */
  readonly registry: Registry;
  /** Told of calls that end with INTERNAL and the like. Nobody is, until you set it. */
  readonly notify?: Notify;
}

export function createPlatform(config: Config): Platform {
  return {
    logger: createLogger(config),
    clock: () => new Date(),
    registry: new Registry(),
    ...createRateLimiter(config.rateLimit),
  };
}
