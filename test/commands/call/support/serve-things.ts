import { onTestFinished } from "vitest";
import { startThings, type ThingsOptions, type ThingsServer } from "./start-things.ts";

/** Starts a server of things.proto. It is stopped after the test. */
export async function serveThings(options?: ThingsOptions): Promise<ThingsServer> {
  const server = await startThings(options);
  onTestFinished(() => server.stop());
  return server;
}
