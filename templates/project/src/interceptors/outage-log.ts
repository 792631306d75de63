import type { Logger } from "pino";

/** Logs an outage when it begins and when it ends, not once for each call that runs into it. */
export interface OutageLog {
  begins(cause: unknown): void;
  ends(): void;
}

/**
 * @param what is meant, as the subject of "... cannot be reached"
 * @param meanwhile what becomes of the calls until it can, as a sentence
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
