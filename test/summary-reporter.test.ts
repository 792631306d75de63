import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../src/package-root.ts";

const vitest = join(packageRoot(), "node_modules/vitest/vitest.mjs");
const scratch = join(packageRoot(), "test/.tmp");
let folder: string;

const tests = `
  import { beforeAll, describe, expect, test } from "vitest";
  test("runs", () => {});
  test("signs", { tags: "openssl" }, () => {});
  test("asks both", { tags: ["redis-server", "openssl"] }, () => {});
  test("fills a disk", ({ skip }) => skip("only root can mount one"));
  test("left out", { skip: true }, () => {});
  if (process.env.BREAK) {
    test("breaks", () => expect(1).toBe(2));
    describe("broken", () => {
      beforeAll(() => expect(3).toBe(4));
      test("does not run", () => {});
    });
  }
`;

beforeAll(async () => {
  await mkdir(scratch, { recursive: true });
  folder = await mkdtemp(join(scratch, "summary-"));
  await mkdir(join(folder, "test"));
  await writeFile(join(folder, "test/some.test.ts"), tests);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs these tests, with our settings, on a machine that has no program but Node. */
async function run(env: Record<string, string> = {}) {
  const args = [
    vitest,
    "run",
    "--root",
    folder,
    "--config",
    join(packageRoot(), "vitest.config.ts"),
  ];
  const { exitCode, stdout } = await execa(process.execPath, args, {
    env: { PATH: folder, NO_COLOR: "1", ...env },
    extendEnv: false,
    reject: false,
  });
  return { exitCode, lines: stdout.split("\n").filter((line) => /^\w+: |^\d+ passed/.test(line)) };
}

test("ends with the tests whose tools are missing, and the figures", async () => {
  expect(await run()).toEqual({
    exitCode: 0,
    lines: [
      "skipped: test/some.test.ts > signs: this machine lacks openssl",
      "skipped: test/some.test.ts > asks both: this machine lacks openssl and redis-server",
      "skipped: test/some.test.ts > fills a disk: only root can mount one",
      "1 passed, 0 failed, 4 skipped",
    ],
  });
});

test("failures come last, those of hooks included", async () => {
  const { exitCode, lines } = await run({ BREAK: "1" });
  expect(exitCode).toBe(1);
  expect(lines.slice(-3)).toEqual([
    "failed: test/some.test.ts > broken: expected 3 to be 4 // Object.is equality",
    "failed: test/some.test.ts > breaks: expected 1 to be 2 // Object.is equality",
    "1 passed, 2 failed, 5 skipped",
  ]);
});

test("in CI, a skipped test has failed", async () => {
  expect(await run({ FAIL_ON_SKIPPED: "true" })).toEqual({
    exitCode: 1,
    lines: [
      "failed: test/some.test.ts > signs: skipped: this machine lacks openssl",
      "failed: test/some.test.ts > asks both: skipped: this machine lacks openssl and redis-server",
      "failed: test/some.test.ts > fills a disk: skipped: only root can mount one",
      "failed: test/some.test.ts > left out: skipped: no reason given",
      "1 passed, 4 failed",
    ],
  });
});
