import { generateKeyPair, SignJWT } from "jose";
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
async function start(work: () => unknown, settings = config) {
  const { logger, lines } = recordingLogger();
  const dependencies = { ...createDependencies(settings), logger };
  const methods = [...patternMethods, ...Object.values(healthServiceDefinition)];
  server = await startTestServer(
    [implementPatterns(work)],
    await interceptors(settings, dependencies, methods),
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

test.each(patternCalls)("%s: keys out of reach are one line in the log", async (_, call) => {
  const keys = { kind: "jwks", url: new URL("http://127.0.0.1:1/jwks") } as const;
  const lines = await start(() => {}, { ...config, auth: { ...config.auth, keys } });
  const { privateKey } = await generateKeyPair("ES256");
  const token = await new SignJWT().setProtectedHeader({ alg: "ES256" }).sign(privateKey);
  const metadata = { authorization: `Bearer ${token}` };
  for (const _ of [1, 2, 3]) {
    const reply = call(server.channel, { metadata });
    await expect(reply).rejects.toMatchObject({ code: "UNAVAILABLE" });
  }
  expect(lines.filter(({ level }) => level === "error")).toMatchObject([
    { msg: "the key set of the tokens cannot be reached" },
  ]);
});

test("what is switched off is not there", async () => {
  server = await startTestServer([], []);
  const methods = [...patternMethods, ...Object.values(healthServiceDefinition)];
  const layersOf = await interceptors(config, createDependencies(config), methods);
  for (const method of patternMethods) {
    expect(layersOf(method).map(({ name }) => name)).toEqual([
      "recover",
      "identify",
      "logCall",
      "limitDuration",
      "authenticateCaller",
    ]);
  }
});
