import type { Logger } from "../logger/logger.ts";
import type { App } from "./lifecycle.ts";

/** Ctrl-C reaches the server twice: from the terminal, and from the package manager that started it. */
const sameSignalMs = 500;

/** Milliseconds after the grace period in which resources must close. */
const closeMs = 5000;

/** The end of a server process. */
export interface Shutdown {
  /** True once the app is being stopped. */
  readonly begun: boolean;
  /** Stops the app, then exits. Does nothing if the app is being stopped already. */
  begin(reason: string, exitCode: number): Promise<void>;
}

/**
 * Stops an app, then exits, at the first SIGTERM or SIGINT and after an uncaught failure. A second signal
 * exits at once; signals within 500 ms count as one.
 */
export function stopOnSignals(app: App, logger: Logger, graceMs: number): Shutdown {
  let stoppingSince: number | undefined;
  let exitCode = 0;

  async function begin(reason: string, code: number): Promise<void> {
    exitCode = Math.max(exitCode, code);
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    logger.info({ reason }, "stopping");
    setTimeout(() => process.exit(1), graceMs + closeMs).unref();
    await app.stop().catch((error: unknown) => {
      logger.error({ err: error }, "not stopped cleanly");
      exitCode = 1;
    });
    logger.info("stopped");
    process.exit(exitCode);
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const again = performance.now() - (stoppingSince ?? Number.POSITIVE_INFINITY) > sameSignalMs;
      if (again) process.exit(1);
      void begin(signal, 0);
    });
  }
  // The state of the process is unknown now: let the calls finish, then let it be restarted.
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "uncaught failure");
    void begin("uncaught failure", 1);
  });

  return {
    get begun() {
      return stoppingSince !== undefined;
    },
    begin,
  };
}
