import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { lendModules, readFiles } from "../scaffold/support.ts";
import { scaffold } from "./projects.ts";

const production = {
  ENV: "production",
  AUTH_JWT_SECRET: "0123456789abcdef0123456789abcdef",
  AUTH_ISSUER: "test",
  AUTH_AUDIENCE: "test",
};

describe("the user starter without PostgreSQL", () => {
  let project: string;
  beforeAll(async () => {
    project = await scaffold([]);
    await lendModules(project);
  });

  /** Starts src/main.ts, and ends it when it serves. */
  async function start(env: Record<string, string>) {
    const tsx = join(packageRoot(), "node_modules/tsx/dist/loader.mjs");
    const args = ["--conditions=@grpc-service/source", `--import=${tsx}`, "src/main.ts"];
    const child = execa(process.execPath, args, {
      cwd: project,
      env: userEnvironment({ ADDRESS: "127.0.0.1:0", ...env }),
      extendEnv: false,
      reject: false,
      all: true,
    });
    child.all.on("data", (chunk: Buffer) => {
      if (chunk.includes('"serving"')) child.kill("SIGTERM");
    });
    const { exitCode, all } = await child;
    const lines = all.split("\n").filter((line) => line.includes("memory"));
    return { exitCode, all, lines };
  }

  test("production refuses to start, in one line that says what to do", async () => {
    const { exitCode, all } = await start(production);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/^MEMORY_STORE must be on to keep users in memory, .*; or store them .*$/);
  });

  test.each([
    ["production with MEMORY_STORE=on", { ...production, MEMORY_STORE: "on" }, "warn"],
    ["development", { ENV: "development" }, "info"],
  ])("%s starts, and one line says that users are lost", async (_, env, level) => {
    const { exitCode, lines } = await start(env);
    expect(exitCode).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level,
        msg: "users are kept in memory and lost when the server stops",
      }),
    ]);
  });

  test("a test environment starts without the line", async () => {
    expect(await start({ ENV: "test" })).toMatchObject({ exitCode: 0, lines: [] });
  });
});

test("with PostgreSQL there is no such setting", async () => {
  const files = await readFiles(await scaffold(["--postgres", "--kubernetes"]));
  expect(files.get("src/dependencies.ts")).toContain("PostgresUserStore");
  for (const [path, text] of files) expect(text, path).not.toMatch(/MEMORY_STORE|openMemoryStore/);
});
