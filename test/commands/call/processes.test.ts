import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { userEnvironment } from "../../../tooling/packed/commands.ts";
import { temporaryFolder } from "../../scaffold/support.ts";
import { startSilent } from "../../support/silent-server.ts";
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

const call = (...args: string[]) => [program, "call", server.address, ...args];

/** Runs it to its end, with nothing on standard input. */
const run = (...args: string[]) => runAt(server.address, ...args);

const runAt = (address: string, ...args: string[]) =>
  execa(process.execPath, [program, "call", address, ...args], {
    cwd,
    reject: false,
    input: "",
    stripFinalNewline: false,
  });

function start(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, call(...args), { cwd, env: userEnvironment() });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Collects what is printed, and waits for some of it. */
function printedBy(child: ChildProcessWithoutNullStreams) {
  const printed = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => {
    printed.out += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    printed.err += data.toString();
  });
  return Object.assign(printed, {
    async until(text: string): Promise<void> {
      while (!printed.out.includes(text)) await once(child.stdout, "data");
    },
  });
}

test("exits with the status, and with 64 when nothing was called", async () => {
  const [fine, failed, wrong] = await Promise.all([
    run("Things/Echo", '{"name":"독서"}'),
    run("Fail", '{"code":7,"text":"no"}'),
    run("Things/Echo", "{}", "--timeout", "soon"),
  ]);
  expect(fine).toMatchObject({ exitCode: 0, stdout: '{"name":"독서"}\n', stderr: "" });
  expect(failed).toMatchObject({ exitCode: 7, stdout: "" });
  expect(wrong).toMatchObject({ exitCode: 64, stdout: "" });
});

test("prints a response before standard input ends", async () => {
  const child = start("Chat");
  const printed = printedBy(child);
  const ended = once(child, "exit");
  child.stdin.write('{"content":"one"}\n');
  await printed.until("re: one");
  child.stdin.write('{"content":"two"}\n');
  await printed.until("re: two");
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
  expect(printed).toMatchObject({ err: "", out: expect.stringMatching(/bye"}\n$/) });
});

test("ends when the server ends the call, although standard input is open", async () => {
  const child = start("Fail", "@-");
  const printed = printedBy(child);
  child.stdin.write('{"code":9}');
  child.stdin.end();
  expect(await once(child, "exit")).toEqual([9, null]);
  expect(printed.err).toMatch(/^FAILED_PRECONDITION/);
  const chat = start("Chat", "--max-messages", "1");
  chat.stdin.write('{"content":"one"}\n');
  expect(await once(chat, "exit")).toEqual([0, null]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s cancels the call: 130", async (signal) => {
  const before = server.cancelled();
  const child = start("Hang", '{"id":1}');
  const printed = printedBy(child);
  const ended = once(child, "exit");
  await printed.until("\n");
  child.kill(signal);
  expect(await ended).toEqual([130, null]);
  expect(printed.err).toBe("grpc-service: interrupted\n");
  await expect.poll(() => server.cancelled()).toBe(before + 1);
});

describe.skipIf(process.platform === "win32")("requests from a named pipe", () => {
  async function makePipe(): Promise<string> {
    const pipe = join(await temporaryFolder(), "requests");
    await execa("mkfifo", [pipe]);
    return pipe;
  }

  test("are sent as they are written; Ctrl-C ends the wait for more", async () => {
    const pipe = await makePipe();
    const child = start("Chat", `@${pipe}`);
    const printed = printedBy(child);
    const ended = once(child, "exit");
    // Resolves when the other end is open.
    const writer = await open(pipe, "w");
    await writer.write('{"content":"one"}\n');
    await printed.until("re: one");
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    await writer.close();
  });

  test.each([
    ["Chat", "@"],
    ["Upload", "--file=data="],
  ])("Ctrl-C ends the wait for a writer: %s %s", async (method, flag) => {
    const child = start(method, `${flag}${await makePipe()}`, "-v");
    const ended = once(child, "exit");
    for await (const data of child.stderr) if (String(data).includes(`> call.test.`)) break;
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
  });
});

describe("a connection that never comes about keeps no process alive", () => {
  const flags = ["a.B/C", "{}", "--connect-timeout", "200ms"];
  const unreached = (address: string) => ({
    exitCode: 14,
    stdout: "",
    stderr: `UNAVAILABLE (14): no connection to ${address} within 0.2 s\n`,
  });

  test.each([["--tls"], ["--plaintext"]])("a server that says nothing, %s", async (flag) => {
    const address = await startSilent();
    expect(await runAt(address, ...flags, flag)).toMatchObject(unreached(address));
  });

  // Elsewhere, the backlog has another size.
  test.skipIf(process.platform !== "linux")("a server that accepts nothing", async () => {
    const address = await fullServer();
    expect(await runAt(address, ...flags)).toMatchObject(unreached(address));
  });
});

/** A server whose queue of connections is full: the kernel answers no further one. */
async function fullServer(): Promise<string> {
  const script = `const server = require("node:net").createServer();
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      require("node:fs").writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ["-e", script]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [port] = await once(child.stdout, "data");
  for (let count = 0; count < 2; count++) {
    const socket = connect(Number(port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
  }
  return `127.0.0.1:${port}`;
}

test.skipIf(process.platform === "win32")(
  "a reader that leaves ends the call quietly",
  async () => {
    const script = 'set -o pipefail; "$@" | head -1';
    const args = ["-c", script, "bash", process.execPath, ...call("Repeat", '{"count":1000000}')];
    const { exitCode, stdout, stderr } = await execa("bash", args, {
      cwd,
      reject: false,
      input: "",
    });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '{"id":"1"}', stderr: "" });
  },
);

test.skipIf(process.platform !== "linux")(
  "output that cannot be written is not success, also when it is the last",
  async () => {
    for (const count of [1, 1000]) {
      const args = call("Repeat", `{"count":${count}}`);
      const command = ["-c", '"$@" > /dev/full', "bash", process.execPath, ...args];
      const { exitCode, stderr } = await execa("bash", command, { cwd, reject: false, input: "" });
      expect({ exitCode, stderr }).toEqual({
        exitCode: 74,
        stderr: "grpc-service: standard output: no space left on the disk",
      });
    }
  },
);

// The peak of a process stands in /proc.
test.skipIf(process.platform !== "linux")(
  "100 MiB to a slow reader stay out of memory",
  { timeout: 300_000 },
  async () => {
    // After 20 responses, the heap has most of the size that it keeps.
    const [small, large] = [await peakOf(20), await peakOf(100)];
    expect(large.bytes).toBeGreaterThan(100 * 1024 * 1024 * (4 / 3));
    expect(large.peakMiB - small.peakMiB).toBeLessThan(64);
  },
);

/** Reads so many responses of 1 MiB, with a pause after each part. */
async function peakOf(
  count: number,
): Promise<{ readonly bytes: number; readonly peakMiB: number }> {
  const child = start("Repeat", JSON.stringify({ count, bytes: 1024 * 1024 }));
  let bytes = 0;
  let peakMiB = 0;
  for await (const part of child.stdout) {
    bytes += part.length;
    peakMiB = peakOfProcess(child.pid) ?? peakMiB;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { bytes, peakMiB };
}

function peakOfProcess(pid: number | undefined): number | undefined {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
