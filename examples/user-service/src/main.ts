import { createApp } from "./app.ts";
import { loadConfig, readEnvironment } from "./config.ts";
import { createDependencies } from "./dependencies.ts";

async function main(): Promise<void> {
  const config = loadConfig(readEnvironment());
  const dependencies = createDependencies(config);
  const { logger } = dependencies;
  const app = createApp(config, dependencies);
  let exitCode: number | undefined;

  async function stop(reason: string, code: number): Promise<void> {
    const running = exitCode === undefined;
    exitCode = Math.max(exitCode ?? 0, code);
    if (!running) return;
    logger.info({ reason }, "stopping");
    await app.stop().catch((error: unknown) => {
      logger.error({ err: error }, "not stopped cleanly");
      exitCode = 1;
    });
    logger.info("stopped");
    process.exit(exitCode);
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (exitCode !== undefined) process.exit(1); // asked twice: do not wait for the calls
      void stop(signal, 0);
    });
  }
  // The state of the process is unknown now: let the calls finish, and have it started anew.
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "uncaught failure");
    void stop("uncaught failure", 1);
  });

  await app.start();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
