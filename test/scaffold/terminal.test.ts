import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "./support.ts";

const bin = fileURLToPath(new URL("../../src/scaffold/bin.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");
// util-linux: it gives a process a terminal, which nothing in Node.js does.
// In CI a missing one is a failure.
const hasTerminal =
  "CI" in process.env || spawnSync("script", ["--version"]).stdout?.includes("util-linux") === true;

let cwd: string;
let state: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  state = await temporaryFolder();
});

/** Starts the command line in a terminal of its own. */
async function start() {
  const pidFile = join(state, "pid");
  const command = [process.execPath, "--import", tsx, bin];
  const quoted = command.map((word) => `'${word}'`).join(" ");
  // The shell becomes the process, so that its id is known.
  await writeFile(join(state, "run.sh"), `echo $$ > '${pidFile}'\nexec ${quoted}\n`);
  const terminal = spawn("script", ["-qefc", `sh '${state}/run.sh'`, "/dev/null"], {
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  terminal.stdout.on("data", (data: Buffer) => {
    shown += data.toString();
  });
  const ended = once(terminal, "exit");
  return {
    press: (keys: string) => terminal.stdin.write(keys),
    signal: async (name: NodeJS.Signals) =>
      process.kill(Number(await readFile(pidFile, "utf8")), name),
    /** Resolves when the text was shown. */
    async shows(text: string): Promise<void> {
      while (!shown.includes(text)) await once(terminal.stdout, "data");
    },
    async outcome() {
      const [code] = await ended;
      return { code, last: shown.trim().split(/\r?\n/).at(-1)?.replace("\u001b[?25h", "") };
    },
  };
}

const interrupted = { code: 130, last: "create-grpc-service: interrupted" };

test.skipIf(!hasTerminal).each(["\u0003", "\u001b"])(
  "leaving a prompt by key %j: 130, nothing written",
  async (key) => {
    const run = await start();
    await run.shows("Folder of the project");
    run.press(key);
    expect(await run.outcome()).toEqual(interrupted);
    expect(await readdir(cwd)).toEqual([]);
  },
);

test.skipIf(!hasTerminal).each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s at a prompt: 130, nothing written",
  async (name) => {
    const run = await start();
    await run.shows("Folder of the project");
    await run.signal(name);
    expect(await run.outcome()).toEqual(interrupted);
    expect(await readdir(cwd)).toEqual([]);
  },
);

test.skipIf(!hasTerminal)("a later prompt left by Ctrl-C: 130, nothing written", async () => {
  const run = await start();
  await run.shows("Folder of the project");
  run.press("orders\r");
  await run.shows("Begin with");
  run.press("\u0003");
  expect(await run.outcome()).toEqual(interrupted);
  expect(await readdir(cwd)).toEqual([]);
});
