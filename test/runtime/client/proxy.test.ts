import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createChannel } from "../../../runtime/src/client/index.ts";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, failure, raise } from "../support/echo.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";

const variables = ["http_proxy", "grpc_proxy", "https_proxy", "no_proxy"];
const before = variables.map((name) => [name, process.env[name]] as const);

const temporaryFolder = temporaryFolders();

/** First lines of what the proxy was asked. */
let asked: string[];

beforeEach(async () => {
  asked = [];
  const proxy = createServer((socket: Socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      asked.push(String(data).split("\r\n")[0] ?? "");
      socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    });
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  cleanUp(() => void proxy.close());
  const address = proxy.address();
  if (typeof address !== "object" || address === null) raise("the proxy has no port");
  for (const name of variables) delete process.env[name];
  process.env.http_proxy = `http://127.0.0.1:${address.port}`;
});

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

async function listen(address: string): Promise<number> {
  const handlers = { unary: async () => ({ text: "direct" }) };
  const server = new GrpcServer({ services: [implement(echoDefinition, handlers)] });
  cleanUp(() => server.stop(0));
  return await server.listen(address);
}

function clientOf(address: string): EchoClient {
  const channel = createChannel(address, { credentials: credentials.createInsecure() });
  cleanUp(() => channel.close());
  return new EchoClient(channel);
}

test.each(["127.0.0.1", "localhost", "dns:///localhost"])(
  "http_proxy is not asked for %s",
  async (host) => {
    const port = await listen("localhost:0");
    const listening = host === "127.0.0.1" ? await listen("127.0.0.1:0") : port;
    expect((await clientOf(`${host}:${listening}`).unary({})).text).toBe("direct");
    expect(asked).toEqual([]);
  },
);

test("http_proxy is not asked for a Unix socket", async () => {
  const address = `unix:${join(temporaryFolder(), "socket")}`;
  await listen(address);
  expect((await clientOf(address).unary({})).text).toBe("direct");
  expect(asked).toEqual([]);
});

test("http_proxy is asked for other machines, and named when it refuses", async () => {
  const client = clientOf("users.example:50051");
  const error = await failure(client.unary({}, { timeoutMs: 5_000 }));
  expect(asked[0]).toBe("CONNECT users.example:50051 HTTP/1.1");
  expect(error).toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("the HTTP proxy refused or did not answer"),
  });
});
