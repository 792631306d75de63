import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { EchoRequestSchema } from "../gen/echo_pb.ts";
import { cleanUp } from "../support/echo.ts";
import { frame, rawCall } from "../support/raw-call.ts";

const encoded = (number: number) =>
  frame(toBinary(EchoRequestSchema, create(EchoRequestSchema, { number, data: Buffer.alloc(9) })));
const numbers = Array.from({ length: 50 }, (_, index) => index + 1);
const bytes = Buffer.concat(numbers.map(encoded));

function piecesOf(whole: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; at += size) pieces.push(whole.subarray(at, at + size));
  return pieces;
}

/** Ways in which requests are read: by us, or by grpc-js where it has to. */
const readers = [
  { name: "read by us", channelOptions: {}, headers: {} },
  { name: "counted by grpc-js", channelOptions: { "grpc.enable_channelz": 1 }, headers: {} },
  { name: "that may be compressed", channelOptions: {}, headers: { "grpc-encoding": "gzip" } },
];

describe.each(readers)("requests $name", ({ channelOptions, headers }) => {
  async function upload(method: string, pieces: readonly Buffer[]) {
    const received: number[] = [];
    const receive = async (requests: AsyncIterable<{ number: number }>): Promise<void> => {
      for await (const { number } of requests) {
        received.push(number);
        // Some are there when they are asked for, and some are not.
        if (number % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const server = new GrpcServer({
      services: [
        implement(echoDefinition, {
          unary: async ({ number }) => {
            received.push(number);
            return {};
          },
          // biome-ignore lint/correctness/useYield: it has nothing to say.
          serverStream: async function* ({ number }) {
            received.push(number);
          },
          clientStream: async (requests) => {
            await receive(requests);
            return {};
          },
          // biome-ignore lint/correctness/useYield: it has nothing to say.
          bidi: async function* (requests) {
            await receive(requests);
          },
        }),
      ],
      channelOptions,
    });
    cleanUp(() => server.stop(0));
    const port = await server.listen("127.0.0.1:0");
    const call = rawCall(port, `/runtime.test.Echo/${method}`, { headers });
    for (const piece of pieces) {
      call.raw(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    call.end();
    return { received, statuses: (await call.outcome).statuses };
  }

  test.each(["ClientStream", "Bidi"])("%s, cut into pieces of many sizes", async (method) => {
    for (const size of [1, 5, 23, 100, bytes.length]) {
      const outcome = await upload(method, piecesOf(bytes, size));
      expect(outcome).toEqual({ received: numbers, statuses: ["0"] });
    }
  });

  test.each(["Unary", "ServerStream"])("%s, cut into pieces of many sizes", async (method) => {
    for (const size of [1, 5, 100]) {
      const outcome = await upload(method, piecesOf(encoded(7), size));
      expect(outcome).toEqual({ received: [7], statuses: ["0"] });
    }
  });

  test("none at all", async () => {
    expect(await upload("ClientStream", [])).toEqual({ received: [], statuses: ["0"] });
  });
});
