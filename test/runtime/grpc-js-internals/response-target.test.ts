import { Writable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { responseTargetOf } from "../../../runtime/src/grpc-js-internals/response-target.ts";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

test("canary: grpc-js has the stream and its limit where we read them", async () => {
  const found: unknown[] = [];
  const server = new GrpcServer({
    services: [implement(echoDefinition, { clientStream: async () => ({}) })],
    limits: { maxSendMessageBytes: 1234 },
    channelOptions: {
      interceptors: [
        (_method, call) => {
          found.push(responseTargetOf(call));
          return new grpc.ServerInterceptingCall(call);
        },
      ],
    },
  });
  cleanUp(() => server.stop(0));
  const call = rawCall(await server.listen("127.0.0.1:0"), "/runtime.test.Echo/ClientStream");
  call.end();
  await call.headers;
  expect(found).toEqual([
    { stream: expect.any(Writable), session: expect.any(Object), maxMessageBytes: 1234 },
  ]);
});

describe("fall-back: grpc-js sends the responses of streams", () => {
  const stream = Object.assign(new Writable(), { session: {} });
  const usual = { stream, maxSendMessageSize: -1, callEventTracker: null };

  test.each([
    ["that are not where we look", { stream: undefined }],
    ["without a connection", { stream: new Writable() }],
    ["without a known limit", { maxSendMessageSize: undefined }],
    ["whose messages are counted", { callEventTracker: {} }],
  ])("%s", (_, unusual) => {
    expect(responseTargetOf({ ...usual, ...unusual })).toBeUndefined();
  });

  test("unlike a usual one", () => {
    const { session } = stream;
    expect(responseTargetOf(usual)).toEqual({ stream, session, maxMessageBytes: -1 });
  });
});
