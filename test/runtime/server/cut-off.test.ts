import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { EchoRequestSchema } from "../gen/echo_pb.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { frame, rawCall } from "../support/raw-call.ts";

const whole = frame(toBinary(EchoRequestSchema, create(EchoRequestSchema, { number: 7 })));
const own = drivers.filter(({ name }) => name === "GrpcServer");

/** Half-closed in the middle of a message, which must not count as a complete upload. */
describe.each(own)("uploads that are cut off, $name", (driver) => {
  test.each([
    ["in the prefix", whole.subarray(0, 3)],
    ["after the prefix", whole.subarray(0, 5)],
    ["in the message", whole.subarray(0, 6)],
  ])("%s", async (_, rest) => {
    const ends: string[] = [];
    const upload = async (requests: AsyncIterable<unknown>): Promise<void> => {
      try {
        for await (const _ of requests);
        ends.push("complete");
      } catch (error) {
        ends.push(String(error));
      }
    };
    const { port } = await startEcho(
      {
        handlers: {
          unary: async () => {
            ends.push("complete");
            return {};
          },
          clientStream: async (requests) => {
            await upload(requests);
            return {};
          },
          // biome-ignore lint/correctness/useYield: it has nothing to say.
          bidi: async function* (requests) {
            await upload(requests);
          },
        },
      },
      driver,
    );
    for (const [method, before] of [
      ["Unary", []],
      ["ClientStream", [whole]],
      ["Bidi", [whole, whole]],
    ] as const) {
      const call = rawCall(port, `/runtime.test.Echo/${method}`);
      call.raw(Buffer.concat([...before, rest]));
      call.end();
      expect((await call.outcome).statuses).toEqual(["13"]);
    }
    expect(ends).toEqual([
      expect.stringContaining("the last request message is cut off"),
      expect.stringContaining("the last request message is cut off"),
    ]);
  });
});
