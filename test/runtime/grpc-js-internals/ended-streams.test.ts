import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { expect, test } from "vitest";
import { http2ServersOf } from "../../../runtime/src/grpc-js-internals/http2-servers.ts";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, signpost, until } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

/** Node's http2 keeps ended streams until the next full collection. */
test("canary: an ended stream keeps nothing of its call alive", async () => {
  const received = signpost();
  const server = new GrpcServer({
    services: [
      implement(echoDefinition, {
        unary: async () => ({}),
        clientStream: async (requests) => {
          for await (const _request of requests) received.reach();
          return {};
        },
      }),
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
  const methods = ["Unary", "ServerStream", "Unary", "ServerStream", "ClientStream", "Unknown"];
  for (const method of methods) {
    const call = rawCall(port, `/runtime.test.Echo/${method}`);
    call.raw(Buffer.alloc(5));
    // So that there is more to come, which is listened for.
    if (method === "ClientStream") await received.reached;
    call.end();
    await call.outcome;
  }
  await Promise.all(closed);
  const [unary, serverStream, ...others] = streams.map(heldBy);
  const [nextUnary, nextServerStream, ...released] = others;
  // The same functions for all calls, so that they hold none.
  expect(nextUnary).toEqual(unary);
  expect(nextServerStream).toEqual(serverStream);
  expect(released.map(({ listeners }) => listeners)).toEqual([[], []]);
  for (const { calls } of streams.map(heldBy)) expect(calls).toEqual([undefined]);
});

/** What an ended stream has of ours. */
function heldBy(stream: ServerHttp2Stream) {
  const symbols = Object.getOwnPropertySymbols(stream);
  return {
    listeners: stream
      .eventNames()
      // Node's own, which knows its stream.
      .filter((name) => name !== "finish")
      .flatMap((name) => stream.listeners(name).map((listener) => ({ name, listener }))),
    calls: symbols
      .filter(({ description }) => description === "grpc-service call")
      .map((symbol): unknown => Reflect.get(stream, symbol)),
  };
}

test("fall-back: calls end although grpc-js' listeners are removed", async () => {
  const reasons: unknown[] = [];
  const server = new GrpcServer({
    services: [
      implement(echoDefinition, {
        clientStream: (_requests, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener("abort", () => {
              reasons.push(signal.reason);
              resolve({});
            });
            arrived.reach();
          }),
      }),
    ],
  });
  cleanUp(() => server.stop(0));
  const arrived = signpost();
  const call = rawCall(await server.listen("127.0.0.1:0"), "/runtime.test.Echo/ClientStream");
  await arrived.reached;
  call.cancel();
  await until(() => reasons.length === 1);
  expect(reasons).toMatchObject([{ code: "CANCELLED" }]);
});
