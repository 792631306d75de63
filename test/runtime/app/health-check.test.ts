import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { AppServer } from "../../../runtime/src/app/index.ts";
import type { ServerTlsConfig } from "../../../runtime/src/config/index.ts";
import { hasOpenssl } from "../support/authority.ts";
import { cleanUp, raise } from "../support/echo.ts";
import { freePort } from "../support/free-port.ts";
import { type EchoApp, startApp } from "./support/start-app.ts";
import { startProcess } from "./support/start-process.ts";
import { makeTlsFiles } from "./support/tls-files.ts";

const program = new URL("../../../runtime/src/bin/health-check.ts", import.meta.url);

/** Runs the check as Docker does: with these variables. */
async function check(variables: Record<string, string>) {
  const { exited, stderr } = startProcess(program, variables);
  const [code] = await exited;
  return { code, stderr: await stderr };
}

/** Expects exit code 0. Tries three times, as Docker does: a busy machine may exceed the 2 s of one check. */
async function expectHealthy(variables: Record<string, string>): Promise<void> {
  let result = await check(variables);
  for (let retries = 2; retries > 0 && result.stderr.includes("DEADLINE_EXCEEDED"); retries -= 1) {
    result = await check(variables);
  }
  expect(result).toEqual({ code: 0, stderr: "" });
}

function start(tls?: ServerTlsConfig): Promise<EchoApp> {
  return startApp((options) => new AppServer(options), { config: { tls } });
}

describe("grpc-service-health", () => {
  test("exits with 0 if the server is SERVING", async () => {
    const { address } = await start();
    await expectHealthy({ SERVER_ADDRESS: address });
  });

  test("names the package of the command grpc-service to those who wanted that one", async () => {
    const { address } = await start();
    const variables = { SERVER_ADDRESS: address };
    const { exited, stderr } = startProcess(program, variables, [], ["call", "Echo/Unary"]);
    expect(await exited).toEqual([1, null]);
    expect(await stderr).toMatch(
      /^grpc-service-health takes no arguments\. [^\n]* --package create-grpc-service -- grpc-service\n$/,
    );
  });

  test("checks the port of ADDRESS on this machine by default", async () => {
    const { address } = await start();
    await expectHealthy({ ADDRESS: address.replace("127.0.0.1", "0.0.0.0") });
  });

  test("exits with 1 and prints one line if the server is NOT_SERVING", async () => {
    const database = { check: () => Promise.reject(new Error("gone")), close: async () => {} };
    const { address } = await startApp((options) => new AppServer(options), {
      dependencies: { resources: { database } },
    });
    const { code, stderr } = await check({ SERVER_ADDRESS: address });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^not serving: [^\n]+\n$/);
  });

  test("exits with 1 and prints one line if no server listens", async () => {
    const { code, stderr } = await check({ SERVER_ADDRESS: `127.0.0.1:${await freePort()}` });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+Health\/Check \[UNAVAILABLE\] [^\n]+\n$/);
  });

  test("exits with 1 and prints one line if the server does not answer", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    cleanUp(() => void silent.close());
    silent.on("connection", (socket) => socket.on("error", () => {}).resume());
    await once(silent, "listening");
    const address = silent.address();
    if (address === null || typeof address === "string") raise("no port");
    const { code, stderr } = await check({ SERVER_ADDRESS: `127.0.0.1:${address.port}` });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+Health\/Check \[DEADLINE_EXCEEDED\] [^\n]+\n$/);
  });

  test("exits with 1 and prints one line per wrong setting", async () => {
    const { code, stderr } = await check({
      SERVER_ADDRESS: "nowhere",
      CLIENT_CERT_FILE: "client.crt",
    });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^SERVER_ADDRESS must be host:port/),
      "CLIENT_KEY_FILE must be set too when CLIENT_CERT_FILE is",
    ]);
  });
});

describe.skipIf(!hasOpenssl)("grpc-service-health with TLS", () => {
  /** Variables of a check that trusts the authority `ca`. */
  const trusting = ({ address }: EchoApp, ca: string) => ({
    SERVER_ADDRESS: address.replace("127.0.0.1", "localhost"),
    CLIENT_CA_FILE: ca,
  });

  test("exits with 0 if the server is SERVING", async () => {
    const { ca, server } = makeTlsFiles();
    const app = await start({ ...server, clientCa: undefined });
    await expectHealthy(trusting(app, ca));
  });

  test("presents its certificate with mutual TLS", async () => {
    const { ca, server, client } = makeTlsFiles();
    const app = await start({ ...server, clientCa: ca });
    const identity = { CLIENT_CERT_FILE: client.cert, CLIENT_KEY_FILE: client.key };
    await expectHealthy({ ...trusting(app, ca), ...identity });
  });

  test("exits with 1 and prints one line if the server requires a certificate", async () => {
    const { ca, server } = makeTlsFiles();
    const app = await start({ ...server, clientCa: ca });
    const { code, stderr } = await check(trusting(app, ca));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+Health\/Check \[UNAVAILABLE\] [^\n]+\n$/);
  });

  test("exits with 1 and prints one line if the server cannot be trusted", async () => {
    const { server } = makeTlsFiles();
    const app = await start({ ...server, clientCa: undefined });
    const { code, stderr } = await check(trusting(app, makeTlsFiles().ca));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+Health\/Check \[UNAVAILABLE\] [^\n]+\n$/);
  });

  test("exits with 1 and prints one line if its authority cannot be read", async () => {
    const { code, stderr } = await check({ CLIENT_CA_FILE: "missing.crt" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cannot read the TLS file missing\.crt: ENOENT[^\n]*\n$/);
  });
});
