// @module-tag util-linux

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { userEnvironment } from "../../../tooling/packed/commands.ts";
import { temporaryFolder } from "../../scaffold/support.ts";
import { bundleTools } from "../support/tools.ts";
import { startThings, type ThingsServer } from "./support/start-things.ts";

let server: ThingsServer;
let program: string;
let cwd: string;
beforeAll(async () => {
  [server, cwd, program] = await Promise.all([
    startThings(),
    temporaryFolder(),
    bundleTools().then((folder) => join(folder, "dist/grpc-service.js")),
  ]);
});
afterAll(() => server.stop());

/** Starts `call` in a terminal of its own. */
async function start(method: string) {
  const words = [process.execPath, program, "call", server.address, method];
  const command = words.map((word) => `'${word}'`).join(" ");
  await writeFile(join(cwd, "run.sh"), `exec ${command}\n`);
  const terminal = spawn("script", ["-qefc", `sh '${cwd}/run.sh'`, "/dev/null"], {
    cwd,
    env: userEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  let shown = "";
  terminal.stdout.on("data", (data: Buffer) => {
    shown += data.toString();
  });
  const ended = once(terminal, "exit");
  return {
    press: (keys: string) => terminal.stdin.write(keys),
    async shows(text: string): Promise<void> {
      while (!shown.includes(text)) await once(terminal.stdout, "data");
    },
    async outcome() {
      const [code] = await ended;
      return { code, last: shown.trim().split(/\r?\n/).at(-1) };
    },
  };
}

test("text or JSON per line; quit ends the requests, and the rest is printed", async () => {
  const chat = await start("Chat");
  await chat.shows("Type text (content) or JSON");
  await chat.shows("> ");
  chat.press("안녕\r");
  await chat.shows('{"content":"re: 안녕"}');
  chat.press('{"contents":"x"}\r');
  await chat.shows("contents: call.test.Line has no such field; did you mean content?");
  chat.press('{"content":"two"}\r');
  await chat.shows('{"content":"re: two"}');
  chat.press("quit\r");
  expect(await chat.outcome()).toEqual({ code: 0, last: '{"content":"bye"}' });
});

test("Ctrl-D ends the requests too", async () => {
  const chat = await start("Chat");
  await chat.shows("> ");
  chat.press("\u0004");
  expect(await chat.outcome()).toEqual({ code: 0, last: '{"content":"bye"}' });
});

test("Ctrl-C cancels the call: 130", async () => {
  const chat = await start("Chat");
  await chat.shows("> ");
  chat.press("one\r");
  await chat.shows("re: one");
  chat.press("\u0003");
  expect(await chat.outcome()).toMatchObject({
    code: 130,
    last: expect.stringContaining("grpc-service: interrupted"),
  });
});

test("a method that takes one request gets an empty one", async () => {
  const call = await start("Things/Echo");
  expect(await call.outcome()).toEqual({ code: 0, last: "{}" });
});
