import { afterEach, expect, test } from "vitest";
import { bindClient } from "../src/gen/runtime/client/index.ts";
import { healthServiceDefinition } from "../src/gen/runtime/health/index.ts";
import { GrpcError } from "../src/gen/runtime/index.ts";
import { logging } from "../src/interceptors/logging.ts";
import { implementPatterns, patternCalls } from "./four-patterns.ts";
import { recordingLogger, startTestApp, startTestServer, type TestServer } from "./support.ts";

let server: TestServer;
afterEach(() => server?.close());

test.each(patternCalls)("%s: start and end, with code and duration", async (name, call) => {
  const { logger, lines } = recordingLogger();
  server = await startTestServer([implementPatterns(() => {})], [logging({ logger })]);
  await call(server.channel);

  const method = `/test.Patterns/${name}`;
  expect(lines).toMatchObject([
    { level: "debug", msg: "call started", method },
    { level: "info", msg: "call ended", method, code: "OK", durationMs: expect.any(Number) },
  ]);
});

test.each(patternCalls)(
  "%s: a failure by its code, and by its text at debug level",
  async (_name, call) => {
    const { logger, lines } = recordingLogger();
    const services = [
      implementPatterns(() => {
        throw new GrpcError("ALREADY_EXISTS", "hong@example.com is taken");
      }),
    ];
    server = await startTestServer(services, [logging({ logger })]);
    await expect(call(server.channel)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });

    const ended = { msg: "call ended", code: "ALREADY_EXISTS" };
    expect(lines.at(-1)).toMatchObject({ ...ended, text: "hong@example.com is taken" });
    logger.level = "info";
    lines.length = 0;
    await expect(call(server.channel)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
    expect(lines).toMatchObject([ended]);
    expect(JSON.stringify(lines)).not.toContain("hong@example.com");
  },
);

test("quiet methods end at debug level", async () => {
  const { logger, lines } = recordingLogger();
  const quiet = logging({ logger, quiet: ["test.Patterns/Unary"] });
  server = await startTestServer([implementPatterns(() => {})], [quiet]);
  for (const [, call] of patternCalls) await call(server.channel);

  const ends = lines.filter(({ msg }) => msg === "call ended");
  expect(ends.map(({ level }) => level)).toEqual(["debug", "info", "info", "info"]);
});

test("it serves a client as well", async () => {
  const { logger, lines } = recordingLogger();
  const app = await startTestApp();
  const interceptors = [logging({ logger })];
  const { methods } = bindClient(healthServiceDefinition, app.channel, { interceptors });
  await expect(methods.check({ service: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await app.close();

  expect(lines.at(-1)).toMatchObject({ method: "/grpc.health.v1.Health/Check", code: "NOT_FOUND" });
});

test("secrets are redacted wherever they are logged", () => {
  const { logger, lines } = recordingLogger();
  logger.info({ token: "hunter2", headers: { authorization: "Bearer hunter2" } }, "careless");
  expect(lines).toMatchObject([{ token: "[Redacted]", headers: { authorization: "[Redacted]" } }]);
});

test("so are those of an error, and whatever else is logged stays as it is", () => {
  const { logger, lines } = recordingLogger();
  const error = Object.assign(new TypeError("refused"), { token: "hunter2", port: 5432 });
  logger.child({ secret: "hunter2" }).error({ err: error, items: [1], at: new Date(0) }, "failed");
  expect(JSON.stringify(lines)).not.toContain("hunter2");
  expect(lines).toMatchObject([
    {
      secret: "[Redacted]",
      err: { type: "TypeError", message: "refused", token: "[Redacted]", port: 5432 },
      items: [1],
      at: "1970-01-01T00:00:00.000Z",
    },
  ]);
});

test("so are credentials in the errors of others", () => {
  const { logger, lines } = recordingLogger();
  const cause = new Error("cannot reach rediss://app:hunter2@cache:6379");
  logger.error({ err: new Error("authorization was: Bearer hunter2.a-b_c=", { cause }) }, "failed");
  const text = JSON.stringify(lines);
  expect(text).not.toContain("hunter2");
  expect(text).toContain("rediss://app:[Redacted]@cache:6379");
  expect(text).toContain("Bearer [Redacted]");
});

test("whatever was thrown can be logged", () => {
  const { logger, lines } = recordingLogger();
  for (const thrown of [null, "text", 1, { token: "hunter2" }]) {
    logger.error({ err: thrown }, "failed");
  }
  expect(lines.map(({ err }) => err)).toEqual([null, "text", 1, { token: "[Redacted]" }]);
});
