import { Readable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { takeOverStream } from "../../../runtime/src/grpc-js-internals/server-stream.ts";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";

test("canary: grpc-js has the stream and its limit where we read them", async () => {
  const found: unknown[] = [];
  const server = new GrpcServer({
    services: [implement(echoDefinition, { clientStream: async () => ({}) })],
    limits: { maxReceiveMessageBytes: 1234 },
    channelOptions: {
      interceptors: [
        (_method, call) => {
          found.push(takeOverStream(call));
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
    { stream: expect.any(Readable), session: expect.any(Object), maxMessageBytes: 1234 },
  ]);
});

describe("fall-back: grpc-js keeps reading streams", () => {
  const usual = { maxReceiveMessageSize: -1, incomingEncoding: "identity", callEventTracker: null };

  const session = {};

  function streamWith(...readers: (() => void)[]): Readable {
    const stream = Object.assign(new Readable({ read() {} }), { session });
    for (const reader of readers) stream.on("data", reader);
    return stream;
  }
  const reader = (): void => {};

  test.each([
    ["that are not where we look", { stream: undefined }],
    ["without a known limit", { maxReceiveMessageSize: undefined }],
    ["that are compressed", { incomingEncoding: "gzip" }],
    ["whose messages are counted", { callEventTracker: {} }],
    ["without a reader", { stream: streamWith() }],
    ["with a second reader", { stream: streamWith(reader, reader) }],
  ])("%s", (_, unusual) => {
    const call = { ...usual, stream: streamWith(reader), ...unusual };
    const readers = call.stream?.listeners("data");
    expect(takeOverStream(call)).toBeUndefined();
    expect(call.stream?.listeners("data")).toEqual(readers);
  });

  test("unlike a usual one", () => {
    const stream = streamWith(reader);
    expect(takeOverStream({ ...usual, stream })).toEqual({ stream, session, maxMessageBytes: -1 });
    expect(stream.listenerCount("data")).toBe(0);
  });
});
