import { expect, test } from "vitest";
import { createLogger } from "../../../runtime/src/logger/index.ts";
import { recordingLogger } from "../support/recording-logger.ts";

test("every line has the name and the version of the service", () => {
  const { logger, lines } = recordingLogger();
  logger.info("serving");
  expect(lines).toMatchObject([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: "test",
      version: "1.2.3",
      msg: "serving",
    },
  ]);
});

test("lines below the level are not written", () => {
  const lines: string[] = [];
  const config = { logLevel: "warn", service: { name: "shop", version: "1" } } as const;
  const logger = createLogger(config, { write: (line) => void lines.push(line) });
  logger.info("not written");
  logger.warn("written");
  expect(lines).toEqual([expect.stringContaining('"msg":"written"')]);
});

test("values of secret names are redacted", () => {
  const { logger, lines } = recordingLogger();
  logger.info({ token: "hunter2", headers: { authorization: "Bearer hunter2" } }, "careless");
  expect(lines).toMatchObject([{ token: "[Redacted]", headers: { authorization: "[Redacted]" } }]);
});

test("secrets of an error are redacted, other values are logged as they are", () => {
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

test("credentials in the text of an error are redacted", () => {
  const { logger, lines } = recordingLogger();
  const cause = new Error("cannot reach rediss://app:hunter2@cache:6379");
  logger.error({ err: new Error("authorization was: Bearer hunter2.a-b_c=", { cause }) }, "failed");
  const text = JSON.stringify(lines);
  expect(text).not.toContain("hunter2");
  expect(text).toContain("rediss://app:[Redacted]@cache:6379");
  expect(text).toContain("Bearer [Redacted]");
});

test("any thrown value can be logged", () => {
  const { logger, lines } = recordingLogger();
  for (const thrown of [null, "text", 1, { token: "hunter2" }]) {
    logger.error({ err: thrown }, "failed");
  }
  expect(lines.map(({ err }) => err)).toEqual([null, "text", 1, { token: "[Redacted]" }]);
});
