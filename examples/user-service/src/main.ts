import { createApp } from "./app.ts";
import { loadConfig, readEnvironment } from "./config.ts";
import { createDependencies } from "./dependencies.ts";

/** Ctrl-C sends a signal to the server, and another to each program that started it and passes it on. */
const sameSignalMs = 500;

async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const dependencies = createDependencies(config);
  const { logger } = dependencies;
  if (!config.auth.required) logger.warn("AUTH=off: every call is served, whoever makes it");
  const app = await createApp(config, dependencies);
  let stoppingSince: number | undefined;
  let exitCode = 0;

  async function stop(reason: string): Promise<void> {
    if (stoppingSince !== undefined) return;
    stoppingSince = performance.now();
    logger.info({ reason }, "stopping");
    // Whatever does not close in time does not keep the process.
    setTimeout(() => process.exit(1), config.shutdownGraceMs + 5000).unref();
    await app.stop().catch((error: unknown) => {
      logger.error({ err: error }, "not stopped cleanly");
      exitCode = 1;
    });
    logger.info("stopped");
    process.exit(exitCode);
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const askedAgain = performance.now() - (stoppingSince ?? Infinity) > sameSignalMs;
      if (askedAgain) process.exit(1); // do not wait for the calls
      void stop(signal);
    });
  }
  // The state of the process is unknown now: let the calls finish, and have it restarted.
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "uncaught failure");
    exitCode = 1;
    void stop("uncaught failure");
  });

  const port = await app.start();
  const { environment, address, tls } = config;
  logger.info({ environment, address, port, tls: tls !== undefined }, "serving");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
