import type { Logger } from "../logger/logger.ts";

/** Logs the start and the end of an outage, instead of one line per failed call. */
export interface OutageLog {
  begins(cause: unknown): void;
  ends(): void;
}

/**
 * @param what cannot be reached, such as "the key set"
 * @param meanwhile what happens to calls during the outage
 */
export function outageLog(logger: Logger, what: string, meanwhile: string): OutageLog {
  let out = false;
  return {
    begins(cause) {
      if (!out) logger.error({ err: cause }, `${what} cannot be reached: ${meanwhile}`);
      out = true;
    },
    ends() {
      if (out) logger.info(`${what} can be reached again`);
      out = false;
    },
  };
}
