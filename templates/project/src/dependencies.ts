import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createLogger } from "./logger.ts";

/** What handlers and interceptors may ask for. Tests pass their own. */
export interface Dependencies {
  readonly logger: Logger;
  /** The current time; tests set it. */
  readonly clock: () => Date;
  /** Runs after the last call has ended. */
  close(): Promise<void>;
}

/** Open what the server needs here (a database, a cache), and close it in `close`. */
export function createDependencies(config: Config): Dependencies {
  return {
    logger: createLogger(config),
    clock: () => new Date(),
    close: async () => {},
  };
}
