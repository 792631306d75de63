import type { Logger } from "pino";
import { Registry } from "prom-client";
import type { Config } from "./config.ts";
import type { Notify } from "./interceptors/alert.ts";
import type { CallLimiter } from "./interceptors/rate-limit.ts";
import { createLogger } from "./logger.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import type { Resources } from "./resource.ts";

/** What the server itself needs, whatever its handlers do. */
export interface Platform {
  readonly logger: Logger;
  /** The current time; tests set it. */
  readonly clock: () => Date;
  /** Metrics, for METRICS_ADDRESS; put your own in here, too. */
  readonly registry: Registry;
  /** Counts calls for RATE_LIMIT_PER_MINUTE; undefined: there is no limit. */
  readonly limiter: CallLimiter | undefined;
  /** What the server opens and cannot do without: health follows it, and it is closed at the end. */
  readonly resources: Resources;
  /** Told of calls that end with INTERNAL and the like. Nobody is, until you set it. */
  readonly notify?: Notify;
}

export function createPlatform(config: Config): Platform {
  return {
    logger: createLogger(config),
    clock: () => new Date(),
    registry: new Registry(),
    limiter: createRateLimiter(config.rateLimit),
    resources: {},
  };
}
