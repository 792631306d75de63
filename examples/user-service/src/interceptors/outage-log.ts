import type { Logger } from "pino";

/** Logs an outage when it begins and when it ends, not once for each call that runs into it. */
export interface OutageLog {
  begins(cause: unknown): void;
  ends(): void;
}

/** @param what is meant, as the subject of "... cannot be reached" */
export function outageLog(logger: Logger, what: string): OutageLog {
  let out = false;
  return {
    begins(cause) {
      if (!out) logger.error({ err: cause }, `${what} cannot be reached`);
      out = true;
    },
    ends() {
      if (out) logger.info(`${what} can be reached again`);
      out = false;
    },
  };
}
