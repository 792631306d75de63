import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { connectivityState } from "@grpc/grpc-js";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { AppServer } from "../../../../runtime/src/app/index.ts";
import {
  defineConfig,
  readClientConfig,
  readServiceConfig,
} from "../../../../runtime/src/config/index.ts";
import * as connectLibrary from "../../../../runtime/src/connect/index.ts";
import * as healthLibrary from "../../../../runtime/src/health/client.ts";
import { HealthRegistry } from "../../../../runtime/src/health/index.ts";
import { GrpcServer } from "../../../../runtime/src/server/index.ts";
import { startTestApp } from "../../../../runtime/src/testing/index.ts";
import { checkServer } from "../../../../src/commands/doctor/checks/server.ts";
import { callServer } from "../../../../src/commands/doctor/inspect/call-server.ts";
import { recognize } from "../../../../src/commands/doctor/recognize.ts";
import { makeCertificates } from "../../support/certificates.ts";

const service = { name: "greeter", version: "0.1.0" };
const loadConfig = defineConfig((env) => readServiceConfig(env, service));
const loadClientConfig = defineConfig((env) => readClientConfig(env, service));
const library = { ...connectLibrary, ...healthLibrary, connectivityState };

const services = ["greeter.v1.Admin", "greeter.v1.Greeter"];

/** Starts an app that has one of the services, as an older version of the project would. */
async function startApp(variables: Record<string, string> = {}) {
  const app = await startTestApp(
    {
      loadConfig,
      createDependencies: () => ({ logger: pino({ level: "silent" }) }),
      createApp: (config, { logger }) => {
        const app = new AppServer({ config, services: [], logger });
        app.health.set("greeter.v1.Greeter", "SERVING");
        return app;
      },
    },
    { variables },
  );
  cleanups.push(() => app.close());
  return app;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function check(address: string, variables: Record<string, string> = {}) {
  const client = loadClientConfig({ SERVER_ADDRESS: address, ...variables });
  const config = { tls: undefined, client };
  const answer = await callServer(client, library, services);
  return checkServer(config, answer, recognize("", config, answer));
}

test("a server that serves", async () => {
  const app = await startApp();
  expect(await check(app.address)).toEqual({
    status: "ok",
    message: `${app.address} is SERVING without TLS, channel READY`,
  });
});

test("a server that is not serving", async () => {
  const health = new HealthRegistry();
  const server = new GrpcServer({ services: [health.registration()] });
  cleanups.push(() => server.stop(0));
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  health.set("", "NOT_SERVING");
  health.set("greeter.v1.Greeter", "SERVING");
  expect(await check(address)).toMatchObject({
    status: "failure",
    message: `${address} is NOT_SERVING without TLS, channel READY`,
  });
});

test("a server of another project", async () => {
  const health = new HealthRegistry();
  const server = new GrpcServer({ services: [health.registration()] });
  cleanups.push(() => server.stop(0));
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  health.set("other.v1.Other", "SERVING");
  expect(await check(address)).toEqual({
    status: "failure",
    message: `the server at ${address} is not of this project: it has none of its services`,
    remedy: "stop it, or set ADDRESS or SERVER_ADDRESS to another address",
  });
});

test("skipped without a server", async () => {
  const app = await startApp();
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

test("a server with TLS and a client without, and the reverse", { tags: "openssl" }, async () => {
  const { ca, server } = await makeCertificates();
  const secure = await startApp({ TLS_CERT_FILE: server.cert, TLS_KEY_FILE: server.key });
  const plain = await startApp();
  // By name: TLS clients do not send an IP address as server name.
  const byName = ({ address }: { address: string }) => address.replace("127.0.0.1", "localhost");
  const address = byName(secure);

  expect(await check(address, { CLIENT_CA_FILE: ca })).toEqual({
    status: "ok",
    message: `${address} is SERVING over TLS, channel READY`,
  });
  expect(await check(address)).toMatchObject({
    status: "failure",
    remedy: expect.stringMatching(/^the server uses TLS: /),
  });
  expect(await check(byName(plain), { CLIENT_CA_FILE: ca })).toMatchObject({
    status: "failure",
    remedy: expect.stringMatching(/^the server does not use TLS: /),
  });
});
