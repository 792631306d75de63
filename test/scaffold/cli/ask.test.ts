import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { askDecisions, askDirectory, askMerge } from "../../../src/scaffold/cli/ask.ts";
import type { Options } from "../../../src/scaffold/cli/options.ts";
import { InterruptedError } from "../../../src/terminal/errors.ts";
import type { Host } from "../../../src/terminal/host.ts";
import { proto, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";
import { inject, note, shown } from "./scripted-prompts.ts";

vi.mock("prompts", () => import("./scripted-prompts.ts"));

const nothingSaid: Options = {
  additions: new Map(),
  proto: [],
  importPaths: [],
  yes: false,
  force: false,
  dryRun: false,
};
const anywhere = async () => {};
let cwd: string;
let host: Host;

beforeEach(async () => {
  cwd = await temporaryFolder();
  const { signal } = new AbortController();
  host = { cwd, env: {}, interactive: true, columns: 80, signal, print: () => {}, note };
});

test("prompts for what no flag says", async () => {
  await writeFile(join(cwd, "a.proto"), proto("a"));
  inject(["orders"]);
  expect(await askDirectory(nothingSaid, host, packageRoot(), anywhere)).toBe("orders");
  inject(["", "a.proto", ["redis"], "pnpm", false, true]);
  expect(await askDecisions(nothingSaid, host, packageRoot())).toEqual({
    source: { proto: ["a.proto"], importPaths: [], starter: "" },
    additions: ["redis"],
    packageManager: "pnpm",
    install: false,
    git: true,
  });
});

test("does not prompt for what a flag or the environment says", async () => {
  const said: Options = {
    ...nothingSaid,
    directory: "x",
    starter: "user",
    install: true,
    git: false,
    additions: new Map([
      ["redis", false],
      ["postgres", true],
      ["kubernetes", false],
    ]),
  };
  const env = { npm_config_user_agent: "yarn/4.0.0 npm/? node/v20" };
  expect(await askDirectory(said, host, packageRoot(), anywhere)).toBe("x");
  expect(await askDecisions(said, { ...host, env }, packageRoot())).toEqual({
    source: { proto: [], importPaths: [], starter: "user" },
    additions: ["postgres"],
    packageManager: "yarn",
    install: true,
    git: false,
  });
});

test("--yes prompts for nothing", async () => {
  const yes: Options = { ...nothingSaid, yes: true };
  expect(await askDirectory(yes, host, packageRoot(), anywhere)).toBe("user-service");
  expect(await askDecisions(yes, host, packageRoot())).toEqual({
    source: { proto: [], importPaths: [], starter: "user" },
    additions: ["postgres"],
    packageManager: "npm",
    install: true,
    git: true,
  });
});

test("--dry-run does not prompt for the steps after writing", async () => {
  inject(["user", [], "npm"]);
  const dry: Options = { ...nothingSaid, dryRun: true };
  const { install, git } = await askDecisions(dry, host, packageRoot());
  expect({ install, git }).toEqual({ install: true, git: true });
});

test("prompts for the folders of missing imports, also of a --proto", async () => {
  await writeFiles(cwd, {
    "a/a.proto": 'syntax = "proto3"; package a; import "b/b.proto"; import "c.proto";',
    "one/b/b.proto": 'syntax = "proto3"; package b;',
    "two/c.proto": 'syntax = "proto3"; package c;',
  });
  const missing = (text: string) =>
    expect.stringMatching(`cannot find ${text}; add (?:its|their) folder`);
  const folders = ["", "gone", "one", "two"];
  const problems = [
    missing("b/b.proto and 1 other import"),
    ...["Folder with the missing imports", "enter a folder, or press Ctrl-C"],
    ...["Folder with the missing imports", "-I gone: no such file or folder"],
    "Folder with the missing imports",
    missing("c.proto"),
    "Folder with the missing imports",
  ];
  const source = { proto: ["a/a.proto"], importPaths: ["one", "two"], starter: "" };
  inject(["", "a/a.proto", ...folders, [], "npm", false, false]);
  expect(await askDecisions(nothingSaid, host, packageRoot())).toMatchObject({ source });
  expect(shown().slice(2, -5)).toEqual(problems);
  inject([...folders, [], "npm", false, false]);
  const said: Options = { ...nothingSaid, proto: ["a/a.proto"] };
  expect(await askDecisions(said, host, packageRoot())).toMatchObject({ source });
  expect(shown().slice(0, -5)).toEqual(problems);
});

test("a whole problem is shown, with its details", async () => {
  await writeFiles(cwd, {
    "a.proto": 'syntax = "proto3"; import "google/api/http.proto";',
    "b.proto": proto("b"),
  });
  const said: Options = { ...nothingSaid, proto: ["a.proto"] };
  inject([new Error("left")]);
  await expect(askDecisions(said, host, packageRoot())).rejects.toThrow(InterruptedError);
  expect(shown()[0]).toMatch(
    /cannot find google\/api\/http\.proto; .*\nfor google\/\*, run: npm install/,
  );
});

test("aborting a prompt is an interruption", async () => {
  inject([new Error("left")]);
  await expect(askDirectory(nothingSaid, host, packageRoot(), anywhere)).rejects.toThrow(
    InterruptedError,
  );
});

describe("a folder with other files, in a terminal", () => {
  beforeEach(async () => {
    await writeFile(join(cwd, "a.proto"), proto("a"));
    await writeFiles(cwd, { "demo/README.md": "mine" });
  });
  const args = [
    "demo",
    "--proto",
    "a.proto",
    "--no-install",
    "--no-git",
    "--no-postgres",
    "--no-redis",
    "--no-kubernetes",
    "--package-manager",
    "npm",
  ];

  test("may be merged into", async () => {
    inject([true]);
    const { code } = await run(args, { cwd, interactive: true });
    expect(code).toBe(0);
    const files = await readFiles(join(cwd, "demo"));
    expect(files.get("README.md")).toBe("mine");
    expect(files.has("src/main.ts")).toBe(true);
  });

  test("may be left unchanged", async () => {
    inject([false]);
    const { code, notes } = await run(args, { cwd, interactive: true });
    expect({ code, notes }).toEqual({
      code: 2,
      notes: "create-grpc-service: demo was not changed\n",
    });
    expect([...(await readFiles(join(cwd, "demo"))).keys()]).toEqual(["README.md"]);
    inject([true]);
    expect(await askMerge("demo", host)).toBe(true);
  });
});
