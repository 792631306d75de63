import { once } from "node:events";
import { connect } from "node:http2";
import { Server } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { noteStreamOf } from "../../../runtime/src/grpc-js-internals/idle-timeout.ts";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp } from "../support/echo.ts";
import { frame } from "../support/raw-call.ts";

test("canary: grpc-js closes a connection without calls, and none that has one", async () => {
  let answer: () => void = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const server = new GrpcServer({
    services: [
      implement(echoDefinition, {
        unary: async () => {
          await answered;
          return {};
        },
      }),
    ],
    channelOptions: { "grpc.max_connection_idle_ms": 100 },
  });
  cleanUp(() => server.stop(0));
  const port = await server.listen("127.0.0.1:0");
  const busy = connect(`http://127.0.0.1:${port}`);
  const idle = connect(`http://127.0.0.1:${port}`);
  cleanUp(() => busy.destroy());
  let isLeaving = false;
  busy.on("goaway", () => {
    isLeaving = true;
  });
  const call = busy.request({
    ":method": "POST",
    ":path": "/runtime.test.Echo/Unary",
    "content-type": "application/grpc",
    te: "trailers",
  });
  call.end(frame(Buffer.alloc(0)));
  await once(idle, "close");
  expect(isLeaving).toBe(false);
  answer();
  const [trailers] = await once(call.resume(), "trailers");
  expect(trailers).toMatchObject({ "grpc-status": "0" });
});

test("fall-back: without the method, grpc-js runs the calls", () => {
  const server = new Server();
  expect(noteStreamOf(server)).toBeTypeOf("function");
  Object.assign(server, { onStreamOpened: undefined });
  expect(noteStreamOf(server)).toBeUndefined();
});
