import { afterEach, expect, test } from "vitest";
import { signToken } from "../src/client/token.ts";
import { createDependencies } from "../src/dependencies.ts";
import { GrpcError, healthServiceDefinition } from "../src/gen/runtime/index.ts";
import { interceptors } from "../src/interceptors/index.ts";
import { implementPatterns, patternCalls, patternMethods } from "./four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer, testConfig } from "./support.ts";

let server: TestServer;
afterEach(() => server.close());

const config = testConfig();
const authorization = `Bearer ${await signToken(config.auth, "ada")}`;

/** Serves the four patterns behind the interceptors of this project, in their order. */
async function start(work: () => unknown) {
  const { logger, lines } = recordingLogger();
  const dependencies = { ...createDependencies(config), logger };
  const methods = [...patternMethods, ...Object.values(healthServiceDefinition)];
  server = await startTestServer(
    [implementPatterns(work)],
    interceptors(config, dependencies, methods),
  );
  return lines;
}

test.each(patternCalls)(
  "%s: a refused call is logged, and its caller gets the id",
  async (_, call) => {
    const lines = await start(() => {});
    const refusal = await call(server.channel).then(() => undefined, GrpcError.from);
    const [requestId] = refusal?.metadata.get("x-request-id") ?? [];
    expect(refusal?.code).toBe("UNAUTHENTICATED");
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.at(-1)).toMatchObject({ msg: "call ended", code: "UNAUTHENTICATED", requestId });
  },
);

test.each(patternCalls)("%s: a bug is logged under the id of its call", async (_, call) => {
  const lines = await start(() => {
    throw new Error("a bug");
  });
  const metadata = { authorization, "x-request-id": "order-42" };
  await expect(call(server.channel, { metadata })).rejects.toMatchObject({ code: "INTERNAL" });
  expect(lines).toMatchObject([
    { msg: "call started", requestId: "order-42" },
    { msg: "call ended", requestId: "order-42", code: "INTERNAL" },
    { msg: "call failed", requestId: "order-42", err: { message: "a bug" } },
  ]);
});

test.each(patternCalls)("%s: no line holds the token", async (_, call) => {
  const lines = await start(() => {});
  await call(server.channel, { metadata: { authorization } });
  expect(lines.at(-1)).toMatchObject({ msg: "call ended", code: "OK" });
  expect(JSON.stringify(lines)).not.toContain(authorization.split(" ")[1]);
});
