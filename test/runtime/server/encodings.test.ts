import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { EchoRequestSchema } from "../gen/echo_pb.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { frame, type RawOutcome, rawCall } from "../support/raw-call.ts";

const message = toBinary(EchoRequestSchema, create(EchoRequestSchema, { number: 7 }));

function compressedFrame(bytes: Uint8Array): Buffer {
  const framed = frame(bytes);
  framed.writeUInt8(1, 0);
  return framed;
}

/** Rules of gRPC's compression (compression.md and PROTOCOL-HTTP2) that grpc-js leaves to us. */
describe.each(drivers)("encodings of requests, $name", (driver) => {
  async function answersTo(encoding: string | undefined, bytes: Buffer) {
    const received: number[] = [];
    const { port } = await startEcho(
      {
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
      },
      driver,
    );
    const outcomes: RawOutcome[] = [];
    for (const method of ["Unary", "ClientStream"]) {
      const headers: Record<string, string> = encoding ? { "grpc-encoding": encoding } : {};
      const call = rawCall(port, `/runtime.test.Echo/${method}`, { headers });
      call.raw(bytes);
      call.end();
      outcomes.push(await call.outcome);
    }
    return { outcomes, received };
  }

  test.each(["snappy", "GZIP", "gzip, deflate"])(
    "%s is unknown: nothing runs, and the answer names those that are known",
    async (encoding) => {
      for (const bytes of [frame(message), compressedFrame(message)]) {
        const { outcomes, received } = await answersTo(encoding, bytes);
        for (const { headers, body } of outcomes) {
          expect(headers).toMatchObject({
            ":status": 200,
            "grpc-status": "12",
            "grpc-accept-encoding": "identity,deflate,gzip",
          });
          expect(body).toHaveLength(0);
        }
        expect(received).toEqual([]);
      }
    },
  );

  test.each([message, new Uint8Array()])(
    "a message that is compressed although the encoding is identity is INTERNAL",
    async (bytes) => {
      const { outcomes, received } = await answersTo("identity", compressedFrame(bytes));
      expect(outcomes.map(({ statuses }) => statuses)).toEqual([["13"], ["13"]]);
      expect(received).toEqual([]);
    },
  );

  test.each([
    ["identity", frame(message)],
    [undefined, frame(message)],
    ["gzip", frame(message)],
    ["gzip", compressedFrame(gzipSync(message))],
  ])("%s is known", async (encoding, bytes) => {
    const { outcomes, received } = await answersTo(encoding, bytes);
    expect(outcomes.map(({ statuses }) => statuses)).toEqual([["0"], ["0"]]);
    expect(received).toEqual([7, 7]);
  });
});
