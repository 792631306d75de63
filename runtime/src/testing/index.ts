/** Servers, apps and contexts for tests, and what calls end with. */
export { collect, failureOf, invalidFields } from "./outcomes.ts";
export { startTestApp, type TestApp, type TestAppOptions } from "./test-app.ts";
export { createTestContext, type TestContext, type TestContextInit } from "./test-context.ts";
export {
  type ClientClass,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from "./test-server.ts";
