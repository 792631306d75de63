import { createServer, type Http2Server } from "node:http2";
import * as grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { http2ServersOf } from "../../../runtime/src/grpc-js-internals/http2-servers.ts";
import { takeStreamListener } from "../../../runtime/src/grpc-js-internals/stream-listener.ts";
import { bind } from "../support/bind.ts";
import { cleanUp, raise } from "../support/echo.ts";

async function http2ServerOfGrpcJs(): Promise<Http2Server> {
  const server = new grpc.Server();
  cleanUp(() => server.forceShutdown());
  await bind(server);
  return http2ServersOf(server)[0] ?? raise("no HTTP/2 server");
}

test("canary: grpc-js has one listener for streams, which does not run once it is taken", async () => {
  const http2Server = await http2ServerOfGrpcJs();
  expect(takeStreamListener(http2Server)).toBeInstanceOf(Function);
  expect(http2Server.listenerCount("stream")).toBe(0);
});

test("fall-back: without a listener, or with several, nothing is taken", () => {
  const http2Server = createServer();
  expect(takeStreamListener(http2Server)).toBeUndefined();
  http2Server.on("stream", () => {});
  http2Server.on("stream", () => {});
  expect(takeStreamListener(http2Server)).toBeUndefined();
  expect(http2Server.listenerCount("stream")).toBe(2);
});
