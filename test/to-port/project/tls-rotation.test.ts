import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Connection, connect } from "../src/client/connect.ts";
import { HealthRegistry } from "../src/gen/runtime/health/index.ts";
import { HealthClient } from "../src/gen/runtime/health-client.ts";
import { GrpcServer } from "../src/gen/runtime/server/index.ts";
import { serverCredentials } from "../src/server-credentials.ts";
import { hasOpenssl, makeCertificates } from "./certificates.ts";
import { recordingLogger, testConfig } from "./support.ts";
import { temporaryFolders } from "./temporary-folders.ts";

const temporaryFolder = temporaryFolders();

/** Whoever reads it finds the old content or the new, and nothing between. */
function replace(path: string, content: string | Buffer): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

describe.skipIf(!hasOpenssl)("a server with mutual TLS whose files are renewed", () => {
  type Certificates = ReturnType<typeof makeCertificates>;
  let first: Certificates;
  let second: Certificates;
  beforeAll(() => {
    first = makeCertificates(temporaryFolder());
    second = makeCertificates(temporaryFolder()); // of another authority
  });

  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** A server that reads `folder`, where it finds the first certificates. */
  async function start() {
    const folder = temporaryFolder();
    const file = (name: string) => join(folder, name);
    const tls = { cert: file("tls.crt"), key: file("tls.key"), clientCa: file("ca.crt") };
    const renew = ({ ca, server }: Certificates) => {
      replace(tls.clientCa, readFileSync(ca));
      replace(tls.cert, readFileSync(server.cert));
      replace(tls.key, readFileSync(server.key));
    };
    renew(first);
    const { logger, lines } = recordingLogger();
    const health = new HealthRegistry();
    const server = new GrpcServer({ services: [health.registration()] });
    const stopping = new AbortController();
    const watching = { logger, signal: stopping.signal, refreshMs: 20 };
    const port = await server.listen("127.0.0.1:0", await serverCredentials(tls, watching));
    cleanups.push(() => {
      stopping.abort();
      return server.stop(0);
    });
    health.set("", "SERVING");
    return { address: `localhost:${port}`, tls, renew, lines };
  }

  /** A client that knows and has these certificates. */
  async function client(address: string, { ca, client: identity }: Certificates) {
    const { auth } = testConfig();
    const config = { address, tls: { ca, identity }, token: undefined, auth };
    const connection: Connection = await connect([], config);
    cleanups.push(() => connection.close());
    return new HealthClient(connection.channel);
  }

  const call = (health: HealthClient) => health.check({}, { timeoutMs: 10_000 });

  test("new connections get the new ones, open connections stay", async () => {
    const { address, renew } = await start();
    const old = await client(address, first);
    await call(old);
    await expect(call(await client(address, second))).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });

    renew(second);
    const renewed = async () => call(await client(address, second));
    await expect.poll(renewed).toMatchObject({ status: 1 });
    await expect(call(await client(address, first))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(call(old)).resolves.toBeDefined();
  });

  test("files that do not fit together change nothing, and the log says so once", async () => {
    const { address, tls, renew, lines } = await start();
    replace(tls.key, readFileSync(second.server.key));
    await expect.poll(() => lines.length).toBe(1);
    const [{ level, msg, err } = {}] = lines;
    expect({ level, msg }).toEqual({
      level: "error",
      msg: "the renewed TLS files cannot be used",
    });
    expect(err).toMatchObject({ message: expect.stringMatching(/^\S+ is not the key of /) });
    await expect(call(await client(address, first))).resolves.toBeDefined();

    replace(tls.cert, "half a certificate");
    await expect.poll(() => lines.length).toBe(2);
    expect(lines[1]?.err).toMatchObject({
      message: expect.stringMatching(/tls\.crt is not a certificate/),
    });
    await expect(call(await client(address, first))).resolves.toBeDefined();

    renew(second);
    const renewed = async () => call(await client(address, second));
    await expect.poll(renewed).toMatchObject({ status: 1 });
  });
});
