import type { Logger } from "../logger/logger.ts";
import type { App } from "./lifecycle.ts";

/** Ctrl-C reaches the server twice: from the terminal, and from the package manager that started it. */
const sameSignalMs = 500;

/** Milliseconds after the grace period in which resources must close. */
const closeMs = 5000;

/**
 * Stops an app, then exits, at the first SIGTERM or SIGINT and after an uncaught failure. A second signal
 * exits at once; signals within 500 ms count as one.
 */
export function stopOnSignals(app: App, logger: Logger, graceMs: number): void {
  let stoppingSince: number | undefined;
  let exitCode = 0;

  async function stop(reason: string): Promise<void> {
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
      void stop(signal);
    });
  }
  // The state of the process is unknown now: let the calls finish, then let it be restarted.
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "uncaught failure");
    exitCode = 1;
    void stop("uncaught failure");
  });
}
