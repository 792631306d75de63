import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { callServer, checkServer } from "../../scripts/doctor/server.ts";
import { loadClientConfig } from "../../src/client/config.ts";
import { HealthRegistry } from "../../src/gen/runtime/health/index.ts";
import { GrpcServer } from "../../src/gen/runtime/server/index.ts";
import { hasOpenssl, makeCertificates } from "../certificates.ts";
import { startTestApp, type TestApp } from "../support.ts";
import { temporaryFolders } from "../temporary-folders.ts";

const temporaryFolder = temporaryFolders();

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function check(address: string, variables: Record<string, string> = {}) {
  const client = loadClientConfig({ SERVER_ADDRESS: address, ...variables });
  return checkServer(client, await callServer(client));
}

test("a server that serves", async () => {
  const app = await startTestApp();
  cleanups.push(() => app.close());
  expect(await check(app.address)).toEqual({
    status: "ok",
    message: `${app.address} is SERVING without TLS, channel READY`,
  });
});

test("a server that says it does not serve", async () => {
  const health = new HealthRegistry();
  const server = new GrpcServer({ services: [health.registration()] });
  cleanups.push(() => server.stop(0));
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  health.set("", "NOT_SERVING");
  expect(await check(address)).toMatchObject({
    status: "failure",
    message: `${address} is NOT_SERVING without TLS, channel READY`,
  });
});

test("no server at all is nothing to check", async () => {
  const app = await startTestApp();
  await app.close();
  expect(await check(app.address)).toMatchObject({ status: "skipped" });
});

test("something that does not speak gRPC", async () => {
  const sockets: Socket[] = [];
  const deaf = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    deaf.close();
  });
  await once(deaf, "listening");
  const address = deaf.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  expect(await check(`127.0.0.1:${address.port}`)).toMatchObject({
    status: "failure",
    message: expect.stringContaining("does not answer"),
  });
});

test.skipIf(!hasOpenssl)(
  "a server that speaks TLS to a client that does not, and the reverse",
  async () => {
    const { ca, server } = makeCertificates(temporaryFolder());
    const secure = await startTestApp({ config: { tls: { ...server, clientCa: undefined } } });
    const plain = await startTestApp();
    cleanups.push(() => Promise.all([secure.close(), plain.close()]));
    // Names, because TLS knows no server by its address.
    const byName = ({ address }: TestApp) => address.replace("127.0.0.1", "localhost");
    const address = byName(secure);

    expect(await check(address, { CLIENT_CA_FILE: ca })).toMatchObject({ status: "ok" });
    expect(await check(address)).toMatchObject({
      status: "failure",
      remedy: expect.stringMatching(/^the server speaks TLS: /),
    });
    expect(await check(byName(plain), { CLIENT_CA_FILE: ca })).toMatchObject({
      status: "failure",
      remedy: expect.stringMatching(/^whoever listens there speaks no TLS: /),
    });
  },
);
