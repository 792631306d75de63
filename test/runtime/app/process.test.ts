import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../../../runtime/src/health/client.ts";
import { cleanUp } from "../support/echo.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { openCall } from "./support/open-call.ts";
import { type StartedProcess, startProcess } from "./support/start-process.ts";

const temporaryFolder = temporaryFolders();

const program = new URL("processes/server.ts", import.meta.url);
const unavailable = "14";

/** Starts a server process on a free port. */
function start(variables: Record<string, string> = {}, nodeOptions: string[] = []) {
  const defaults = { ADDRESS: "127.0.0.1:0", SHUTDOWN_GRACE_MS: "300" };
  return startProcess(program, { ...defaults, ...variables }, nodeOptions);
}

/** Resolves with the address once the server listens. */
async function serving(server: StartedProcess): Promise<string> {
  const { port } = await server.logged("serving");
  return `127.0.0.1:${port}`;
}

/** Watches the health of a server. Resolves when it is SERVING, with the health after that. */
async function watchHealth(address: string): Promise<{ next: Promise<HealthStatus | undefined> }> {
  const client = new HealthClient(address);
  cleanUp(() => client.close());
  const watch = client.watch({})[Symbol.asyncIterator]();
  expect((await watch.next()).value?.status).toBe(HealthStatus.SERVING);
  return { next: watch.next().then(({ value }) => value?.status) };
}

/** Takes a port for as long as the test runs. */
async function portInUse(): Promise<number> {
  const other = createServer().listen(0, "127.0.0.1");
  cleanUp(() => void other.close());
  await once(other, "listening");
  const address = other.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe.skipIf(process.platform === "win32")("a server process", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("drains at %s and exits with 0", async (signal) => {
    const server = start();
    const { next } = await watchHealth(await serving(server));
    server.child.kill(signal);
    expect(await next).toBe(HealthStatus.NOT_SERVING);
    expect(await server.exited).toEqual([0, null]);
    expect(await server.stderr).toBe("");
    await server.logged("database closed");
  });

  test("exits at once with 1 at the second signal", async () => {
    const server = start({ SHUTDOWN_GRACE_MS: "600000" });
    const address = await serving(server);
    await openCall(address);
    const { next } = await watchHealth(address);
    server.child.kill("SIGTERM");
    await next; // it has begun to stop, and would wait for ten minutes
    const repeated = setInterval(() => server.child.kill("SIGTERM"), 100);
    cleanUp(() => clearInterval(repeated));
    expect(await server.exited).toEqual([1, null]);
  });

  test("counts signals within 500 ms as one, and drains", async () => {
    const server = start();
    const open = await openCall(await serving(server));
    server.child.kill("SIGINT");
    server.child.kill("SIGTERM");
    expect(await open.status).toBe(unavailable);
    expect(await server.exited).toEqual([0, null]);
  });

  test("stops at a signal while it starts, and exits with 0", async () => {
    const server = start({ DATABASE: "hangs" });
    await server.logged("opening the database");
    server.child.kill("SIGTERM");
    expect(await server.exited).toEqual([0, null]);
    expect(await server.stderr).toBe("");
    await server.logged("database closed");
  });

  test("exits with 1 when a resource does not close, five seconds after the grace period", async () => {
    const server = start({ DATABASE: "stays" });
    await serving(server);
    server.child.kill("SIGTERM");
    expect(await server.exited).toEqual([1, null]);
  });

  test("warns when calls need no token", async () => {
    const server = start({ AUTH: "off" });
    expect(await server.logged("AUTH=off: calls need no token")).toMatchObject({ level: "warn" });
    await serving(server);
  });

  test("warns when callers can list the services outside of development", async () => {
    const server = start({ ENV: "test", REFLECTION: "on" });
    expect(await server.logged("REFLECTION=on: callers can list the services")).toMatchObject({
      level: "warn",
    });
    await serving(server);
  });

  test("does not warn when calls need a token", async () => {
    const server = start();
    await serving(server);
    server.child.kill("SIGTERM");
    await expect(server.logged("AUTH=off: calls need no token")).rejects.toThrow("ended before");
  });

  test.each([
    ["an uncaught exception", "throw new Error('boom')"],
    ["an unhandled rejection", "Promise.reject(new Error('boom'))"],
  ])("logs %s, drains and exits with 1", async (_what, failure) => {
    const bomb = `process.on("SIGUSR2", () => { ${failure}; });`;
    const server = start({}, ["--import", `data:text/javascript,${encodeURIComponent(bomb)}`]);
    const { next } = await watchHealth(await serving(server));
    server.child.kill("SIGUSR2");
    expect(await next).toBe(HealthStatus.NOT_SERVING);
    expect(await server.exited).toEqual([1, null]);
    expect(await server.logged("uncaught failure")).toMatchObject({
      level: "fatal",
      err: { message: "boom" },
    });
    await server.logged("database closed");
  });

  test("prints one line per wrong setting and exits with 1", async () => {
    const server = start({ ADDRESS: "nowhere", LOG_LEVEL: "loud" });
    expect(await server.exited).toEqual([1, null]);
    expect((await server.stderr).trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^ADDRESS must be host:port/),
      expect.stringMatching(/^LOG_LEVEL must be /),
    ]);
  });

  test.each([
    ["its port", "ADDRESS", "cannot listen on"],
    [
      "the port of its metrics",
      "METRICS_ADDRESS",
      "metrics cannot be opened: cannot serve metrics on",
    ],
  ])("prints one line when %s is in use, and exits with 1", async (_what, variable, problem) => {
    const address = `127.0.0.1:${await portInUse()}`;
    const server = start({ [variable]: address });
    expect(await server.exited).toEqual([1, null]);
    const pattern = `^${problem} ${address.replaceAll(".", "\\.")}: .*EADDRINUSE[^\n]*\n$`;
    expect(await server.stderr).toMatch(new RegExp(pattern));
  });

  test("prints one line when its certificate cannot be used, and exits with 1", async () => {
    const file = join(temporaryFolder(), "server.crt");
    writeFileSync(file, "hello");
    const server = start({ TLS_CERT_FILE: file, TLS_KEY_FILE: file });
    expect(await server.exited).toEqual([1, null]);
    expect(await server.stderr).toMatch(/^\S+server\.crt is not a certificate: [^\n]+\n$/);
  });

  test("prints one line when a resource cannot be opened, closes the others, and exits with 1", async () => {
    const server = start({ DATABASE: "fails", METRICS_ADDRESS: "127.0.0.1:0" });
    await server.logged("serving metrics");
    expect(await server.exited).toEqual([1, null]);
    expect(await server.stderr).toBe("database cannot be opened: no such database\n");
    await server.logged("database closed");
  });
});
