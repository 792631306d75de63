import { afterEach, expect, test } from "vitest";
import { requestDetail } from "../src/interceptors/request-detail.ts";
import { isSecretName } from "../src/logger.ts";
import { requestWith } from "./changed-request.ts";
import { implementPatterns, patternCalls, patternsTaking } from "./four-patterns.ts";
import { recordingLogger, startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
afterEach(() => server.close());

async function start(definition?: ReturnType<typeof patternsTaking>) {
  const { logger, lines } = recordingLogger();
  const handlers = implementPatterns(() => {}, definition);
  server = await startTestServer([handlers], [requestDetail({ logger })]);
  return { logger, lines };
}

test.each(patternCalls)("%s: every request is shown", async (name, call) => {
  const { lines } = await start();
  await call(server.channel, { request: { service: "shop" } });
  const method = `/test.Patterns/${name}`;
  expect(lines.at(-1)).toMatchObject({ level: "debug", method, request: { service: "shop" } });
  expect(lines).toHaveLength(name.endsWith("Streaming") && !name.startsWith("Server") ? 2 : 1);
});

test.each(patternCalls)("%s: not what the proto keeps back", async (_name, call) => {
  const redacting = requestWith((options) => {
    options.debugRedact = true;
  });
  const { lines } = await start(patternsTaking(redacting));
  await call(server.channel, { request: { service: "hunter2" } });
  expect(lines.at(-1)).toMatchObject({ request: { service: "[Redacted]" } });
  expect(JSON.stringify(lines)).not.toContain("hunter2");
});

test("secrets are known by their names", () => {
  for (const name of ["password", "new_password", "accessToken", "client_secret"]) {
    expect(isSecretName(name), name).toBe(true);
  }
  for (const name of ["name", "email"]) expect(isSecretName(name), name).toBe(false);
});

test("long texts are cut", async () => {
  const { lines } = await start();
  const [[, unary] = []] = patternCalls;
  await unary?.(server.channel, { request: { service: "x".repeat(10_000) } });
  expect(JSON.stringify(lines)).not.toContain("x".repeat(201));
});

test("nothing is shown at other levels", async () => {
  const { logger, lines } = await start();
  logger.level = "info";
  for (const [, call] of patternCalls) await call(server.channel);
  expect(lines).toEqual([]);
});
