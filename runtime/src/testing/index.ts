/** Servers, apps and contexts for tests. */
export { startTestApp, type TestApp, type TestAppOptions } from "./test-app.ts";
export { createTestContext, type TestContext, type TestContextInit } from "./test-context.ts";
export {
  type ClientClass,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from "./test-server.ts";
