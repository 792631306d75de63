import type { AppOptions } from "../../../../runtime/src/app/index.ts";
import type { ServiceConfig } from "../../../../runtime/src/config/index.ts";
import {
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from "../../../../runtime/src/testing/index.ts";
import { cleanUp } from "../../support/echo.ts";
import {
  appOptions,
  type CreateApp,
  createDependencies,
  type Dependencies,
  loadConfig,
} from "./program.ts";

export type EchoApp = TestApp<ServiceConfig, Dependencies>;

/** Starts an app with the echo service. It is stopped after the test. */
export async function startApp(
  create: CreateApp,
  options: TestAppOptions<ServiceConfig, Dependencies> = {},
): Promise<EchoApp> {
  const program = {
    loadConfig,
    createDependencies,
    createApp: (config: ServiceConfig, dependencies: Dependencies) =>
      create(appOptions(config, dependencies)),
  };
  const app = await startTestApp(program, options);
  cleanUp(() => app.close());
  return app;
}

/** What an app on a free port is made of, for tests that start it themselves. Calls need no token. */
export function testOptions(changes: Partial<AppOptions> = {}): AppOptions {
  const config = loadConfig({
    ENV: "test",
    ADDRESS: "127.0.0.1:0",
    AUTH: "off",
    LOG_LEVEL: "silent",
    SHUTDOWN_GRACE_MS: "100",
  });
  return { ...appOptions(config, createDependencies(config)), ...changes };
}
