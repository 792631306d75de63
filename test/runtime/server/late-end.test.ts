import * as grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { implement, type ServerInterceptor } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, signpost } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

const handlers: EchoHandlers = {
  unary: async () => ({}),
  serverStream: async function* () {},
  clientStream: async () => ({}),
  bidi: async function* () {},
};

test.each(["Unary", "ServerStream", "ClientStream", "Bidi"])(
  "%s: an interceptor that ends after its call sends no second status",
  async (method) => {
    const codes: unknown[] = [];
    const counting: grpc.ServerInterceptor = (_method, call) =>
      new grpc.ServerInterceptingCall(call, {
        sendStatus: (status, next) => {
          codes.push(status.code);
          next(status);
        },
      });
    const handled = signpost();
    const left = signpost();
    const patient: ServerInterceptor = async ({ signal }, next) => {
      await next();
      const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
      handled.reach();
      await aborted;
      left.reach();
    };
    const errors: unknown[] = [];
    const server = new GrpcServer({
      services: [implement(echoDefinition, handlers)],
      interceptors: [patient],
      channelOptions: { interceptors: [counting] },
      onError: (error) => errors.push(error),
    });
    cleanUp(() => server.stop(0));
    const call = rawCall(await server.listen("127.0.0.1:0"), `/runtime.test.Echo/${method}`);
    call.send(Buffer.alloc(0));
    call.end();
    await handled.reached;
    const stopped = server.stop(0);
    await left.reached;
    await stopped;
    expect(codes).toEqual([grpc.status.UNAVAILABLE]);
    expect((await call.outcome).statuses).toEqual(["14"]);
    expect(errors).toEqual([]);
  },
);
