import type { ServiceRegistration } from "../../../runtime/src/index.ts";
import type { ServerInterceptors } from "../../../runtime/src/interceptors/index.ts";
import { startTestServer, type TestServer } from "../../../runtime/src/testing/index.ts";
import { cleanUp } from "./echo.ts";

/** Starts a server with these services and interceptors. It closes after the test. */
export async function serve(
  services: readonly ServiceRegistration[],
  interceptors: ServerInterceptors = [],
): Promise<TestServer> {
  const server = await startTestServer(services, { interceptors });
  cleanUp(() => server.close());
  return server;
}
