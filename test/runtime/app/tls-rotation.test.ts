import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serverCredentials } from "../../../runtime/src/app/credentials.ts";
import { defineConfig, readClientConfig } from "../../../runtime/src/config/index.ts";
import { connect } from "../../../runtime/src/connect/index.ts";
import { HealthClient } from "../../../runtime/src/health/client.ts";
import { HealthRegistry } from "../../../runtime/src/health/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { hasOpenssl } from "../support/authority.ts";
import { cleanUp, until } from "../support/echo.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";
import { service } from "./support/program.ts";
import { makeTlsFiles, type TlsFiles } from "./support/tls-files.ts";

const temporaryFolder = temporaryFolders();

const loadClientConfig = defineConfig((env) => readClientConfig(env, service));

/** Readers find the old content or the new, never a part. */
function replace(path: string, content: string | Buffer): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** Starts a server whose files are at first those of `files`. */
async function start(files: TlsFiles) {
  const folder = temporaryFolder();
  const file = (name: string) => join(folder, name);
  const tls = { cert: file("tls.crt"), key: file("tls.key"), clientCa: file("ca.crt") };
  const renew = ({ ca, server }: TlsFiles) => {
    replace(tls.clientCa, readFileSync(ca));
    replace(tls.cert, readFileSync(server.cert));
    replace(tls.key, readFileSync(server.key));
  };
  renew(files);
  const { logger, lines } = recordingLogger();
  const health = new HealthRegistry();
  const server = new GrpcServer({ services: [health.registration()] });
  const stopping = new AbortController();
  const watching = { logger, signal: stopping.signal, refreshMs: 20 };
  const port = await server.listen("127.0.0.1:0", await serverCredentials(tls, watching));
  cleanUp(() => {
    stopping.abort();
    return server.stop(0);
  });
  return { address: `localhost:${port}`, tls, renew, lines };
}

/** Makes a client that trusts the authority of `files` and presents their client certificate. */
async function clientWith(address: string, { ca, client }: TlsFiles): Promise<HealthClient> {
  const config = { ...loadClientConfig({}), address, tls: { ca, identity: client } };
  const connection = await connect([], config);
  cleanUp(() => connection.close());
  return new HealthClient(connection.channel);
}

/** A limit for what hangs, not for a busy machine. */
const patience = { timeout: 30_000 };

const call = (health: HealthClient) => health.check({}, { timeoutMs: 10_000 });

describe.skipIf(!hasOpenssl)("a server with mutual TLS whose files are renewed", () => {
  test("uses them for new connections, while open connections stay", async () => {
    const [first, second] = [makeTlsFiles(), makeTlsFiles()];
    const { address, renew } = await start(first);
    const old = await clientWith(address, first);
    await call(old);
    const unavailable = { code: "UNAVAILABLE" };
    await expect(call(await clientWith(address, second))).rejects.toMatchObject(unavailable);

    renew(second);
    const renewed = async () => call(await clientWith(address, second));
    await expect.poll(renewed, patience).toMatchObject({ status: 1 });
    await expect(call(await clientWith(address, first))).rejects.toMatchObject(unavailable);
    await expect(call(old)).resolves.toBeDefined();
  });

  test("keeps the old files while the new ones do not fit, and logs each problem once", async () => {
    const [first, second] = [makeTlsFiles(), makeTlsFiles()];
    const { address, tls, renew, lines } = await start(first);
    replace(tls.key, readFileSync(second.server.key));
    await until(() => lines.length === 1);
    expect(lines[0]).toMatchObject({
      level: "error",
      msg: "the renewed TLS files cannot be used",
      err: { message: expect.stringMatching(/^\S+ is not the key of /) },
    });
    await expect(call(await clientWith(address, first))).resolves.toBeDefined();

    replace(tls.cert, "half a certificate");
    await until(() => lines.length === 2);
    expect(lines[1]?.err).toMatchObject({
      message: expect.stringMatching(/tls\.crt is not a certificate/),
    });
    await expect(call(await clientWith(address, first))).resolves.toBeDefined();

    renew(second);
    const renewed = async () => call(await clientWith(address, second));
    await expect.poll(renewed, patience).toMatchObject({ status: 1 });
  });
});
