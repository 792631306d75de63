import { Client, credentials, Server, status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { PlainServer } from "../../../runtime/src/app/index.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../../../runtime/src/health/client.ts";
import { cleanUp, connect } from "../support/echo.ts";
import { listens } from "../support/listens.ts";
import { testOptions } from "./support/start-app.ts";

const passThrough = (message: Buffer) => message;

/** A service of another library: its messages are plain bytes. */
const foreignService = {
  reverse: {
    path: "/foreign.Text/Reverse",
    requestStream: false,
    responseStream: false,
    requestSerialize: passThrough,
    requestDeserialize: passThrough,
    responseSerialize: passThrough,
    responseDeserialize: passThrough,
  },
} as const;

function addForeignService(server: Server): void {
  server.addService(foreignService, {
    reverse: (call: { request: Buffer }, reply: (error: null, value: Buffer) => void) =>
      reply(null, Buffer.from(call.request).reverse()),
  });
}

/** Calls the foreign service with a client of grpc-js. */
async function reverse(address: string, text: string): Promise<string> {
  const client = new Client(address, credentials.createInsecure());
  cleanUp(() => client.close());
  const { path } = foreignService.reverse;
  return await new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, passThrough, passThrough, Buffer.from(text), (error, value) =>
      error === null ? resolve(String(value)) : reject(error),
    );
  });
}

/** Starts a plain server, which is stopped after the test. */
async function start(app: PlainServer): Promise<string> {
  cleanUp(() => app.stop());
  return `127.0.0.1:${await app.start()}`;
}

describe("PlainServer", () => {
  test("serves the services of the caller's server and its own", async () => {
    const server = new Server();
    addForeignService(server);
    const app = new PlainServer({ ...testOptions(), server });
    expect(app.server).toBe(server);
    const address = await start(app);
    expect(await reverse(address, "abc")).toBe("cba");
    expect((await connect(address).unary({ text: "hello" })).text).toBe("hello");
  });

  test("serves a foreign service that is added to the server it makes", async () => {
    const app = new PlainServer(testOptions());
    addForeignService(app.server);
    const address = await start(app);
    expect(await reverse(address, "abc")).toBe("cba");
    expect((await connect(address).unary({ text: "hello" })).text).toBe("hello");
  });

  test("reports the health of a foreign service once it is set", async () => {
    const app = new PlainServer(testOptions());
    addForeignService(app.server);
    const client = new HealthClient(await start(app));
    cleanUp(() => client.close());
    const foreign = { service: "foreign.Text" };
    await expect(client.check(foreign)).rejects.toMatchObject({ code: "NOT_FOUND" });
    app.health.set("foreign.Text", "SERVING");
    expect((await client.check(foreign)).status).toBe(HealthStatus.SERVING);
  });

  test("keeps the options of the caller's server", async () => {
    const server = new Server({ "grpc.max_receive_message_length": 100 });
    const address = await start(new PlainServer({ ...testOptions(), server }));
    const large = connect(address).unary({ text: "x".repeat(101) });
    await expect(large).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
  });

  test("shuts the caller's server down when it stops", async () => {
    const server = new Server();
    addForeignService(server);
    const app = new PlainServer({ ...testOptions(), server });
    const address = await start(app);
    await app.stop();
    expect(await listens(address)).toBe(false);
    await expect(reverse(address, "abc")).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  test("rejects when the caller's server has one of its services already", async () => {
    const server = new Server();
    const { services } = testOptions();
    for (const { definition } of services) server.addService(definition, {});
    const app = new PlainServer({ ...testOptions(), server });
    await expect(start(app)).rejects.toThrow(/^[^\n]*runtime\.test\.Echo\/Unary[^\n]*$/);
  });
});
