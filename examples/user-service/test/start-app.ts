import { startTestApp, type TestApp, type TestAppOptions } from "grpc-service/testing";
import { createApp } from "../src/app.ts";
import { type Config, loadConfig } from "../src/config.ts";
import { createDependencies, type Dependencies } from "../src/dependencies.ts";

/** Starts this service on a free port with test settings. Add here what every test needs. */
export function startApp(
  options: TestAppOptions<Config, Dependencies> = {},
): Promise<TestApp<Config, Dependencies>> {
  return startTestApp({ loadConfig, createDependencies, createApp }, options);
}
