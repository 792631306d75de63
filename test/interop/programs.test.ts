import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { cases } from "./client/cases/index.ts";

const tsx = import.meta.resolve("tsx");
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "close");
  }
});

function program(name: string, ...flags: string[]) {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--import", tsx, path, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  return child;
}

/** Starts the server; its first line is `listening on port N`. */
async function startServer(...flags: string[]) {
  const child = program("server", "--port=0", ...flags);
  const errors = text(child.stderr);
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, port: line.replace(/\D+/, "") };
  }
  throw new Error(await errors);
}

async function runClient(...flags: string[]) {
  const child = program("client", "--server_host=127.0.0.1", ...flags);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, exitCode: child.exitCode ?? (await once(child, "close"))[0] };
}

const passed = [...cases.keys()].map((name) => `${name} passed\n`).join("");

describe("server and client as programs", () => {
  test("plain text, all cases, and SIGTERM", async () => {
    const { child, port } = await startServer();
    const outcome = await runClient(`--server_port=${port}`, "--test_case=all", "--use_tls=false");
    expect(outcome).toEqual({ stdout: passed, stderr: "", exitCode: 0 });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("TLS with a test authority and the name overridden, on a plain server", {
    tags: "openssl",
  }, async () => {
    const { port } = await startServer("--use_tls=true", "--plain_server");
    const tls = ["--use_tls=true", "--use_test_ca=true", "--server_host_override=localhost"];
    const outcome = await runClient(`--server_port=${port}`, "--test_case=all", ...tls);
    expect(outcome).toEqual({ stdout: passed, stderr: "", exitCode: 0 });
  });

  test("a case that does not pass is told by the exit code", async () => {
    const { port } = await startServer();
    // Our server cannot see compression, which this case asks of it.
    const { stdout, exitCode } = await runClient(
      `--server_port=${port}`,
      "--test_case=client_compressed_unary",
    );
    expect(stdout).toMatch(/^client_compressed_unary failed: .*INVALID_ARGUMENT/);
    expect(exitCode).toBe(1);
  });

  test("wrong flags are one line", async () => {
    const { stderr, exitCode } = await runClient("--server_port=1", "--test_case=nothing");
    expect(stderr).toMatch(/^--test_case is all or one of: .+\n$/);
    expect(exitCode).toBe(1);
  });
});
