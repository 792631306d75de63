import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { http2ServersOf } from "../../../runtime/src/server/connection-guard.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

/** Node's http2 keeps streams that have ended until the next full collection. */
test("an ended stream keeps nothing of its call alive", async () => {
  const server = new GrpcServer({
    services: [
      implement(echoDefinition, { unary: async () => ({}), clientStream: async () => ({}) }),
    ],
  });
  cleanUp(() => server.stop(0));
  const port = await server.listen("127.0.0.1:0");
  const streams: ServerHttp2Stream[] = [];
  const closed: Promise<unknown>[] = [];
  for (const http2Server of http2ServersOf(server.server)) {
    http2Server.on("stream", (stream) => {
      streams.push(stream);
      closed.push(once(stream, "close"));
    });
  }
  for (const method of ["Unary", "ClientStream", "ServerStream", "Unknown"]) {
    const call = rawCall(port, `/runtime.test.Echo/${method}`);
    call.raw(Buffer.alloc(5));
    call.end();
    await call.outcome;
  }
  await Promise.all(closed);
  expect(streams.map((stream) => stream.eventNames())).toEqual([[], [], [], []]);
});
