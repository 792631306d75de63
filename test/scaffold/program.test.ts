import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs/promises";
import { beforeEach, expect, test } from "vitest";
import { type ProgramOptions, runProgram } from "../../src/scaffold/program.ts";
import { temporaryFolder } from "./support.ts";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

function runScript(script: string, options: Partial<ProgramOptions> = {}) {
  return runProgram(process.execPath, ["--eval", script], { folder, ...options });
}

test("returns the whole output and the exit code", async () => {
  const script = `
    process.stdout.write("x".repeat(3_000_000), () => {
      console.error(process.cwd());
      process.exitCode = 3;
    });`;
  const { output, errors, ...end } = await runScript(script);
  expect(output.length).toBe(3_000_000);
  expect(errors).toBe(`${folder}\n`);
  const none = { endedBy: undefined, startError: undefined, timedOut: false };
  expect(end).toEqual({ exitCode: 3, ...none });
});

test("passes the environment, with some variables set and others removed", async () => {
  const env = { MINE: "1", PATH: undefined };
  const { output } = await runScript(
    'console.log(process.env.MINE, process.env.PATH, process.env.HOME ?? "none")',
    { env },
  );
  expect(Buffer.from(output).toString()).toBe(`1 undefined ${process.env.HOME ?? "none"}\n`);
});

test("gives it an empty standard input", async () => {
  const { exitCode } = await runScript('process.stdin.on("end", () => process.exit(7)).resume()');
  expect(exitCode).toBe(7);
});

test("reports a missing program", async () => {
  const result = await runProgram("no-such-program", [], { folder });
  expect(result).toMatchObject({ exitCode: undefined, startError: "ENOENT" });
});

test("reports the signal that ended it", async () => {
  const result = await runScript('process.kill(process.pid, "SIGKILL")');
  expect(result).toMatchObject({ exitCode: undefined, endedBy: "SIGKILL" });
});

test("ends with its abort signal, and is awaited", async () => {
  const interrupt = new AbortController();
  const script = `
    process.on("SIGTERM", () => process.stdout.write("cleaned up", () => process.exit(5)));
    require("node:fs").writeFileSync("ready", "");
    setInterval(() => {}, 1000);`;
  const changes = watch(folder)[Symbol.asyncIterator]();
  const ready = changes.next();
  const running = runScript(script, { signal: interrupt.signal });
  await ready;
  interrupt.abort();
  const { output, exitCode } = await running;
  expect({ exitCode, output: Buffer.from(output).toString() }).toEqual({
    exitCode: 5,
    output: "cleaned up",
  });
  await changes.return?.();
});

test("ends after its timeout", async () => {
  const result = await runScript("setInterval(() => {}, 1000)", { timeoutMs: 200 });
  expect(result).toMatchObject({ exitCode: undefined, endedBy: "SIGTERM", timedOut: true });
});

test("does not outlive this process", async () => {
  const module = new URL("../../src/scaffold/program.ts", import.meta.url).href;
  const script = `
    import { runProgram } from ${JSON.stringify(module)};
    const forEver = "console.log('started'); setInterval(() => {}, 1000)";
    void runProgram(process.execPath, ["--eval", forEver], { folder: ".", show: true });
    process.on("SIGTERM", () => process.exit(130));`;
  const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", script];
  const parent = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(parent.stdout, "data");
  parent.kill();
  // They share their standard output: it is closed when both are gone.
  expect(await once(parent, "close")).toEqual([130, null]);
});
