import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import type { Resources } from "../src/resource.ts";
import { startTestApp, type TestApp } from "./support.ts";
import { temporaryFolders } from "./temporary-folders.ts";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const entry = fileURLToPath(new URL("../src/health-check.ts", import.meta.url));

const temporaryFolder = temporaryFolders();

let app: TestApp;
afterEach(() => app.close());

/** Runs src/health-check.ts, as Docker does, on a server with these resources. */
async function check(resources: Resources): Promise<{ code: unknown; stderr: string }> {
  app = await startTestApp({ dependencies: { resources } });
  const { PATH, SystemRoot } = process.env;
  const child = spawn(process.execPath, ["--import", tsx, entry], {
    cwd: temporaryFolder(), // has no .env
    env: { PATH, SystemRoot, SERVER_ADDRESS: app.address },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [[code], stderr] = await Promise.all([once(child, "exit"), text(child.stderr)]);
  return { code, stderr };
}

test("a server that serves is healthy", async () => {
  expect(await check({})).toEqual({ code: 0, stderr: "" });
});

test("a server that lacks what it needs is not", async () => {
  const database = { check: () => Promise.reject(new Error("gone")), close: async () => {} };
  const { code, stderr } = await check({ database });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^not serving/);
});
