import * as grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { GrpcError, implement, type ServerInterceptor } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, signpost } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

test("a status waits for the message that a native interceptor still holds", async () => {
  const { reached: sending, reach: sends } = signpost();
  // A call of grpc-js has one place for what waits: a status behind a message would be lost.
  const slow: grpc.ServerInterceptor = (_method, call) =>
    new grpc.ServerInterceptingCall(call, {
      sendMessage: (message, next) => {
        sends();
        setTimeout(next, 100, message);
      },
    });
  const failing: ServerInterceptor = async (_call, next) => {
    await Promise.race([next(), sending]);
    throw new GrpcError("ABORTED", "while a message is on its way");
  };
  const server = new GrpcServer({
    services: [
      implement(echoDefinition, {
        async *serverStream(_request, { signal }) {
          yield { text: "first" };
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        },
      }),
    ],
    interceptors: [failing],
    channelOptions: { interceptors: [slow] },
  });
  cleanUp(() => server.stop(0));
  const call = rawCall(await server.listen("127.0.0.1:0"), "/runtime.test.Echo/ServerStream");
  call.send(Buffer.alloc(0));
  call.end();
  const { statuses, trailers, body } = await call.outcome;
  expect(statuses).toEqual(["10"]);
  expect(decodeURIComponent(String(trailers["grpc-message"]))).toBe(
    "while a message is on its way",
  );
  expect(body.length).toBeGreaterThan(5);
});
