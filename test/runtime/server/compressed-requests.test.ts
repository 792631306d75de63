import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { GrpcError, layer, type ServerCall } from "../../../runtime/src/index.ts";
import { EchoRequestSchema } from "../gen/echo_pb.ts";
import { startEcho } from "../support/echo.ts";
import { frame, type RawOutcome, rawCall } from "../support/raw-call.ts";
import { openSession } from "./http2-calls.ts";
import { expectGrowth } from "./memory-growth.ts";
import { startProcess } from "./server-process.ts";

const megabyte = 1024 * 1024;

function request(number: number, bytes = 0): Uint8Array {
  const data = new Uint8Array(bytes);
  return toBinary(EchoRequestSchema, create(EchoRequestSchema, { number, data }));
}

function flagged(flag: number, message: Uint8Array): Buffer {
  const framed = frame(message);
  framed.writeUInt8(flag, 0);
  return framed;
}

const gzipped = (message: Uint8Array) => flagged(1, gzipSync(message));

async function ask(
  port: number,
  method: string,
  pieces: readonly Uint8Array[],
  encoding = "gzip",
): Promise<RawOutcome> {
  const headers = { "grpc-encoding": encoding };
  const call = rawCall(port, `/runtime.test.Echo/${method}`, { headers });
  for (const piece of pieces) call.raw(piece);
  call.end();
  return await call.outcome;
}

function startNoting() {
  const received: number[] = [];
  const started = startEcho({
    handlers: {
      unary: async ({ number }) => {
        received.push(number);
        return {};
      },
      clientStream: async (requests) => {
        for await (const { number } of requests) received.push(number);
        return {};
      },
    },
  });
  return { received, started };
}

test.each([2, 3, 255])("the flag %d of a message is INTERNAL", async (flag) => {
  const { received, started } = startNoting();
  const { port } = await started;
  for (const method of ["Unary", "ClientStream"]) {
    const { statuses } = await ask(port, method, [flagged(flag, request(1))]);
    expect(statuses).toEqual(["13"]);
  }
  expect(received).toEqual([]);
});

test("a compressed message is INTERNAL where none was announced, whatever its bytes", async () => {
  const { received, started } = startNoting();
  const { port } = await started;
  for (const method of ["Unary", "ClientStream"]) {
    const { statuses } = await ask(port, method, [gzipped(request(1))], "identity");
    expect(statuses).toEqual(["13"]);
  }
  expect(received).toEqual([]);
});

test("compressed messages keep their place among others, in whatever pieces they arrive", async () => {
  const { received, started } = startNoting();
  const { port } = await started;
  const bytes = Buffer.concat([
    gzipped(request(1, megabyte)),
    frame(request(2)),
    gzipped(request(3)),
    gzipped(request(4, 100_000)),
    frame(request(5)),
  ]);
  for (const size of [7, bytes.length]) {
    const pieces = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    const { statuses } = await ask(port, "ClientStream", pieces);
    expect(statuses).toEqual(["0"]);
    expect(received.splice(0)).toEqual([1, 2, 3, 4, 5]);
  }
});

// Otherwise callers without a token make the server work.
test("a call that an interceptor refuses is not decompressed", async () => {
  const refusing = layer<ServerCall>(() => {
    throw new GrpcError("UNAUTHENTICATED", "no token");
  });
  const { port } = await startEcho({ interceptors: [refusing] });
  const { statuses } = await ask(port, "Unary", [flagged(1, Buffer.from("not gzip"))]);
  expect(statuses).toEqual(["16"]);
});

test("several compressed requests where there must be one are UNIMPLEMENTED", async () => {
  const { received, started } = startNoting();
  const { port } = await started;
  const { statuses } = await ask(port, "Unary", [gzipped(request(1)), gzipped(request(2))]);
  expect(statuses).toEqual(["12"]);
  expect(received).toEqual([]);
});

test("small requests that become large ones take bounded memory", {
  timeout: 120_000,
}, async () => {
  const server = await startProcess({ kind: "own" });
  await ask(server.port, "Unary", [gzipped(request(0))]);
  const before = await server.report();
  const bytes = gzipped(request(0, 4 * megabyte - 100));
  const sessions = await Promise.all(Array.from({ length: 4 }, () => openSession(server.port)));
  const ends = sessions.flatMap((session) =>
    Array.from({ length: 100 }, async () => {
      const stream = session.request({
        ":method": "POST",
        ":path": "/runtime.test.Echo/Unary",
        "content-type": "application/grpc",
        "grpc-encoding": "gzip",
      });
      stream.resume().end(bytes);
      await new Promise((resolve) => stream.once("close", resolve));
    }),
  );
  await Promise.all(ends);
  await expectGrowth(server, before, 150 * megabyte);
});
