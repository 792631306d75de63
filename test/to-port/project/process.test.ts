import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { createChannel } from "../src/gen/runtime/client/index.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../src/gen/runtime/health-client.ts";
import { openCall } from "./open-call.ts";
import { temporaryFolders } from "./temporary-folders.ts";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));

const temporaryFolder = temporaryFolders();

let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

/** Starts src/main.ts as a process of its own, with these variables and no others. */
function start(variables: Record<string, string>, nodeOptions: string[] = []) {
  const { PATH, SystemRoot } = process.env;
  const env = { PATH, SystemRoot, ADDRESS: "127.0.0.1:0", SHUTDOWN_GRACE_MS: "300", ...variables };
  const started = spawn(process.execPath, [...nodeOptions, "--import", tsx, entry], {
    cwd: temporaryFolder(), // has no .env
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  return { process: started, exited: once(started, "exit"), stderr: text(started.stderr) };
}

/** Resolves with the address once the log says so. */
async function serving(server: ReturnType<typeof start>): Promise<string> {
  const { port } = await loggedBy(server, "serving");
  return `127.0.0.1:${port}`;
}

/** The line of the log that says so. */
async function loggedBy(
  { process: { stdout } }: ReturnType<typeof start>,
  msg: string,
): Promise<Record<string, unknown>> {
  if (stdout === null) throw new Error("standard output is not piped");
  for await (const text of createInterface(stdout)) {
    const line = JSON.parse(text);
    if (line.msg === msg) {
      stdout.resume();
      return line;
    }
  }
  throw new Error(`the server ended before it logged: ${msg}`);
}

describe.skipIf(process.platform === "win32")("the process", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("answers, drains at %s and exits 0", async (signal) => {
    const server = start({});
    const channel = createChannel(await serving(server));
    const watch = new HealthClient(channel).watch({})[Symbol.asyncIterator]();
    expect((await watch.next()).value?.status).toBe(HealthStatus.SERVING);

    const next = watch.next();
    server.process.kill(signal);
    expect((await next).value?.status).toBe(HealthStatus.NOT_SERVING);
    expect(await server.exited).toEqual([0, null]);
    expect(await server.stderr).toBe("");
    channel.close();
  });

  test("ends at once at the second signal", async () => {
    const server = start({ SHUTDOWN_GRACE_MS: "600000" });
    const address = await serving(server);
    const open = await openCall(address);
    const channel = createChannel(address);
    const watch = new HealthClient(channel).watch({})[Symbol.asyncIterator]();
    await watch.next();
    const next = watch.next();
    server.process.kill("SIGTERM");
    await next; // it has begun to stop, and would wait for ten minutes
    const impatience = setInterval(() => server.process.kill("SIGTERM"), 100);
    expect(await server.exited).toEqual([1, null]);
    clearInterval(impatience);
    channel.close();
    open.close();
  });

  test("takes signals that come together for one, and drains", async () => {
    const server = start({ SHUTDOWN_GRACE_MS: "300" });
    const open = await openCall(await serving(server));
    server.process.kill("SIGINT");
    server.process.kill("SIGTERM");
    expect(await open.status).toBe("14");
    expect(await server.exited).toEqual([0, null]);
    open.close();
  });

  test("warns when it asks for no tokens", async () => {
    const server = start({ AUTH: "off" });
    const warned = loggedBy(server, "AUTH=off: every call is served, whoever makes it");
    expect(await warned).toMatchObject({ level: "warn" });
  });

  test("logs a failure that nobody caught, drains and exits 1", async () => {
    const bomb = "process.on('SIGUSR2', () => { throw new Error('boom'); });";
    const server = start({}, ["--import", `data:text/javascript,${bomb}`]);
    const channel = createChannel(await serving(server));
    const watch = new HealthClient(channel).watch({})[Symbol.asyncIterator]();
    await watch.next();
    const next = watch.next();
    server.process.kill("SIGUSR2");
    expect((await next).value?.status).toBe(HealthStatus.NOT_SERVING);
    expect(await server.exited).toEqual([1, null]);
    channel.close();
  });

  test("names what is wrong with its settings, one line each", async () => {
    const server = start({ ADDRESS: "nowhere", LOG_LEVEL: "loud" });
    const [code] = await server.exited;
    const lines = (await server.stderr).trimEnd().split("\n");
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^ADDRESS must be host:port/),
      expect.stringMatching(/^LOG_LEVEL must be /),
    ]);
  });

  test.each([
    ["its port", "ADDRESS", "cannot listen on"],
    ["the port for its metrics", "METRICS_ADDRESS", "cannot serve metrics on"],
  ])("says in one line that %s is taken", async (_what, variable, text) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const server = start({ [variable]: `127.0.0.1:${address.port}` });
    const [code] = await server.exited;
    expect(code).toBe(1);
    const pattern = `^${text} 127\\.0\\.0\\.1:${address.port}: .*EADDRINUSE[^\n]*\n$`;
    expect(await server.stderr).toMatch(new RegExp(pattern));
    other.close();
  });
});
