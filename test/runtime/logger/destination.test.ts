import { execFileSync } from "node:child_process";
import { constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { logDestination } from "../../../runtime/src/logger/destination.ts";
import { cleanUp, until } from "../support/echo.ts";

/** A pipe that nobody reads until it is told to. */
function startPipe() {
  const folder = mkdtempSync(join(tmpdir(), "test-log-"));
  cleanUp(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  // Both ways, so that it opens without the other side.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  let text = "";
  const read = () => {
    const bytes = Buffer.alloc(1024 * 1024);
    try {
      text += bytes.toString("utf8", 0, readSync(fd, bytes));
    } catch (error) {
      // Nothing to read.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
    return text;
  };
  return { fd, read };
}

const line = `${"x".repeat(1_000)}\n`;

test("with a buffer, a reader that stalls does not stall the writer, and what is lost is counted", async () => {
  const { fd, read } = startPipe();
  const destination = logDestination(64 * 1024, undefined, fd);
  for (let written = 0; written < 10_000; written += 1) destination.write(line);
  await until(() => read().includes("lines were lost"));
  const text = read();
  const lines = text.split("\n").filter((each) => each === line.trim()).length;
  const dropped = [...text.matchAll(/"dropped":(\d+)/g)].map(([, count]) => Number(count));
  expect(lines).toBeGreaterThan(0);
  expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(10_000 - lines);
});
