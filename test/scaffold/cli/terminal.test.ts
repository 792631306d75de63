// @module-tag util-linux

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { userEnvironment } from "../../../tooling/packed/commands.ts";
import { proto, readFiles, temporaryFolder, writeFiles } from "../support.ts";

const bin = fileURLToPath(new URL("../../../src/scaffold/cli/bin.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");

let cwd: string;
let state: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  state = await temporaryFolder();
});

/** Starts the command line in a terminal of its own: only `script` of util-linux can give it one. */
async function start() {
  const pidFile = join(state, "pid");
  const command = [process.execPath, "--import", tsx, bin];
  const quoted = command.map((word) => `'${word}'`).join(" ");
  // The shell becomes the process, so that its id is known.
  await writeFile(join(state, "run.sh"), `echo $$ > '${pidFile}'\nexec ${quoted}\n`);
  const terminal = spawn("script", ["-qefc", `sh '${state}/run.sh'`, "/dev/null"], {
    cwd,
    env: userEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  let seen = 0;
  terminal.stdout.on("data", (data: Buffer) => {
    shown += data.toString();
  });
  const ended = once(terminal, "exit");
  return {
    press: (keys: string) => terminal.stdin.write(keys),
    signal: async (name: NodeJS.Signals) =>
      process.kill(Number(await readFile(pidFile, "utf8")), name),
    /** Resolves when the text was shown after the one before. */
    async shows(text: string): Promise<void> {
      while (!shown.includes(text, seen)) await once(terminal.stdout, "data");
      seen = shown.indexOf(text, seen) + text.length;
    },
    async outcome() {
      const [code] = await ended;
      return { code, last: shown.trim().split(/\r?\n/).at(-1)?.replace("\u001b[?25h", "").trim() };
    },
  };
}

/** Ctrl-U, which clears the line. */
const clear = "\u0015";
const down = "\u001b[B";
const interrupted = { code: 130, last: "create-grpc-service: interrupted" };

test.each(["\u0003", "\u001b"])(
  "aborting a prompt by key %j: 130, nothing written",
  async (key) => {
    const run = await start();
    await run.shows("Project folder");
    run.press(key);
    expect(await run.outcome()).toEqual(interrupted);
    expect(await readdir(cwd)).toEqual([]);
  },
);

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s at a prompt: 130, nothing written",
  async (name) => {
    const run = await start();
    await run.shows("Project folder");
    await run.signal(name);
    expect(await run.outcome()).toEqual(interrupted);
    expect(await readdir(cwd)).toEqual([]);
  },
);

test("a later prompt aborted by Ctrl-C: 130, nothing written", async () => {
  const run = await start();
  await run.shows("Project folder");
  run.press("orders\r");
  await run.shows("Start from");
  run.press("\u0003");
  expect(await run.outcome()).toEqual(interrupted);
  expect(await readdir(cwd)).toEqual([]);
});

test("asks every question, and again after an invalid answer", { timeout: 60_000 }, async () => {
  const bad = proto("a", "rpc Get(N) returns (M);");
  await writeFiles(cwd, {
    taken: "a file",
    "bad.proto": bad,
    "lacking.proto": proto("a").replace("\n", '\nimport "lib/b.proto";\n'),
    "libs/lib/b.proto": 'syntax = "proto3";',
  });
  const run = await start();
  await run.shows("Project folder");
  for (const [answer, complaint] of [
    ["node_modules", "npm reserves that name"],
    ["Orders", "npm names are lower case; try orders"],
    ["taken", "exists and is not a folder"],
  ] as const) {
    run.press(`${clear}${answer}\r`);
    await run.shows(complaint);
    await run.shows("Project folder");
  }
  run.press(`${clear}sub/orders\r`);
  await run.shows("Start from");
  run.press(`${down}\r`);
  await run.shows("Path to the .proto file");
  for (const [answer, complaint] of [
    ["", "enter a path to a .proto file"],
    ["gone.proto", "gone.proto: no such file or folder"],
    ["bad.proto", "bad.proto:4:31: cannot find `N`"],
  ] as const) {
    run.press(`${clear}${answer}\r`);
    await run.shows(complaint);
    await run.shows("Path to the .proto file");
  }
  run.press(`${clear}lacking.proto\r`);
  await run.shows("cannot find lib/b.proto; add its folder with -I <dir>");
  await run.shows("Folder with the missing imports");
  run.press("libs\r");
  await run.shows("Optional infrastructure");
  run.press(`${down} \r`);
  await run.shows("Package manager");
  run.press(`${down}\r`);
  await run.shows("Install the dependencies now?");
  run.press("n");
  await run.shows("Create a git repository?");
  run.press("n");
  await run.shows("pnpm test");
  expect(await run.outcome()).toEqual({
    code: 0,
    last: expect.stringMatching(/^Then write the handlers, .* such as src\/services\/\S+\.ts\. /),
  });
  const files = await readFiles(join(cwd, "sub", "orders"));
  expect(JSON.parse(files.get("package.json") ?? "").name).toBe("orders");
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([
      "proto/lacking.proto",
      "proto/lib/b.proto",
      "src/services/user/get.ts",
      "src/migrate.ts",
    ]),
  );
});
