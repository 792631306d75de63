import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createLogger } from "../../../runtime/src/logger/index.ts";
import { TurnLines } from "../../../runtime/src/logger/turn-lines.ts";

const service = { name: "users", version: "1.0.0" };

function startLog() {
  const writes: string[][] = [];
  const destination = new TurnLines((text) => {
    writes.push(
      text
        .trim()
        .split("\n")
        .map((line): string => JSON.parse(line).msg),
    );
  });
  return { writes, logger: createLogger({ logLevel: "debug", service }, destination) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("the lines of a turn are written together, at its end", async () => {
  const { writes, logger } = startLog();
  logger.info("one");
  logger.info("two");
  await Promise.resolve();
  logger.info("three");
  expect(writes).toEqual([]);
  await turn();
  logger.info("four");
  await turn();
  expect(writes).toEqual([["one", "two", "three"], ["four"]]);
});

test.each(["debug", "warn", "error", "fatal"] as const)(
  "a line of the level %s is written at once, after those before it",
  async (level) => {
    const { writes, logger } = startLog();
    logger.info("before");
    logger[level]("at once");
    expect(writes).toEqual([["before", "at once"]]);
    logger.info("after");
    await turn();
    expect(writes).toEqual([["before", "at once"], ["after"]]);
  },
);

test("a turn that logs without end keeps a bounded number of lines", () => {
  const { writes, logger } = startLog();
  for (let line = 0; line < 2_000; line += 1) logger.info("x".repeat(100));
  expect(writes.length).toBeGreaterThan(1);
  expect(Math.max(...writes.map((lines) => lines.length))).toBeLessThan(700);
});

test("flush() of the logger writes the lines and calls back", async () => {
  const { writes, logger } = startLog();
  logger.info("one");
  await new Promise((resolve) => logger.flush(resolve));
  expect(writes).toEqual([["one"]]);
});

const entry = fileURLToPath(new URL("../../../runtime/src/logger/index.ts", import.meta.url));

test.each([
  ["process.exit()", "process.exit(0)"],
  ["an error that nobody catches", "throw new Error('lost')"],
])("%s does not lose the lines of its turn", (_, end) => {
  const program = `
    import { createLogger } from ${JSON.stringify(entry)};
    const logger = createLogger({ logLevel: "info", service: ${JSON.stringify(service)} });
    logger.info("first");
    logger.info("last");
    ${end};
  `;
  let output = "";
  try {
    output = execFileSync(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", program],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
  } catch (error) {
    if (!(error instanceof Error && "stdout" in error)) throw error;
    output = String(error.stdout);
  }
  expect(
    output
      .trim()
      .split("\n")
      .map((line): string => JSON.parse(line).msg),
  ).toEqual(["first", "last"]);
});
