import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { bindClient } from "../../../runtime/src/client/index.ts";
import { defineService, implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { Echo } from "../gen/echo_pb.ts";
import { cleanUp, connect, failure, patience, signpost } from "../support/echo.ts";
import { startServer } from "./start-server.ts";

describe("services", () => {
  test("methods are known before any call", () => {
    const server = new GrpcServer({ services: [implement(echoDefinition, {})] });
    expect(server.methods.map(({ path }) => path)).toEqual([
      "/runtime.test.Echo/Unary",
      "/runtime.test.Echo/ServerStream",
      "/runtime.test.Echo/ClientStream",
      "/runtime.test.Echo/Bidi",
    ]);
  });

  test("a service without methods is allowed, the same service twice is not", () => {
    const empty = implement(defineService(Echo, {}), {});
    expect(new GrpcServer({ services: [empty] }).methods).toEqual([]);
    const echo = implement(echoDefinition, {});
    expect(() => new GrpcServer({ services: [echo, echo] })).toThrow("/runtime.test.Echo/Unary");
  });

  test("services of others pass through untouched, and count when the server stops", async () => {
    const { server, address } = await startServer({});
    const foreign = defineService(Echo, {
      call: { ...echoDefinition.unary, path: "/other.Service/Call" },
      hang: { ...echoDefinition.unary, path: "/other.Service/Hang" },
    });
    const hanging = signpost();
    const reply: grpc.handleUnaryCall<{ text: string }, unknown> = ({ request }, callback) =>
      callback(null, {
        $typeName: "runtime.test.EchoReply",
        text: request.text,
        number: 0,
        data: Buffer.alloc(0),
      });
    server.server.addService(foreign, { call: reply, hang: () => hanging.reach() });
    const client = bindClient(foreign, address, patience);
    cleanUp(() => client.close());
    expect((await client.methods.call({ text: "x" })).text).toBe("x");
    const hung = failure(client.methods.hang({}));
    await hanging.reached;
    await server.stop(30);
    expect(await hung).toMatchObject({
      code: "UNAVAILABLE",
      rawMessage: "the server is shutting down",
    });
  });

  test("native interceptors of grpc-js see every call and its messages", async () => {
    const seen: unknown[] = [];
    const native: grpc.ServerInterceptor = ({ path }, call) =>
      new grpc.ServerInterceptingCall(call, {
        start(next) {
          next({
            onReceiveMessage(message, proceed) {
              seen.push(path, message.text);
              proceed(message);
            },
          });
        },
        sendMessage(message, next) {
          seen.push(message.text);
          next(message);
        },
        sendStatus(status, next) {
          seen.push(status.code);
          next(status);
        },
      });
    const { address } = await startServer(
      { unary: async ({ text }) => ({ text: `${text}!` }) },
      { interceptors: [native] },
    );
    expect((await connect(address).unary({ text: "hi" })).text).toBe("hi!");
    expect(seen).toEqual(["/runtime.test.Echo/Unary", "hi", "hi!", 0]);
  });

  test("messages larger than allowed are RESOURCE_EXHAUSTED in both directions", async () => {
    const { address } = await startServer(
      {
        unary: async ({ number }) => ({ data: new Uint8Array(number) }),
        serverStream: async function* ({ number }) {
          yield { data: new Uint8Array(number) };
        },
      },
      { "grpc.max_send_message_length": 1000, "grpc.max_receive_message_length": 1000 },
    );
    const client = connect(address);
    const exhausted = { code: "RESOURCE_EXHAUSTED" };
    expect(await failure(client.unary({ number: 2000 }))).toMatchObject(exhausted);
    expect(await failure(client.serverStream({ number: 2000 }))).toMatchObject(exhausted);
    expect(await failure(client.unary({ data: new Uint8Array(2000) }))).toMatchObject(exhausted);
    expect((await client.unary({ number: 100 })).data).toHaveLength(100);
  });
});
