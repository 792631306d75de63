import { expect, test } from "vitest";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { signpost } from "../support/echo.ts";
import { own } from "../support/kinds.ts";
import { openSession, startCall } from "./http2-calls.ts";

const kilobytes = 64 * 1024;

test("calls that wait keep a bounded number of bytes: the newest are refused", async () => {
  const gate = signpost();
  const unary: EchoHandlers["unary"] = async () => {
    await gate.reached;
    return {};
  };
  const limits = { maxConcurrentStreams: 1, maxBufferedBytesPerConnection: 4 * kilobytes };
  const port = await own.listen({ unary }, limits);
  const session = await openSession(port);
  const statuses = Array.from({ length: 10 }, async () => {
    const stream = startCall(session, "Unary");
    stream.resume();
    // An unknown field.
    const body = Buffer.alloc(kilobytes - 5);
    body.set([0x7a, ...[0xf7, 0xff, 0x03]]);
    const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, 0]), body]);
    frame.writeUInt32BE(body.length, 1);
    stream.end(frame);
    return await new Promise<unknown>((resolve) => {
      stream.once(
        "response",
        (headers) => headers["grpc-status"] && resolve(headers["grpc-status"]),
      );
      stream.once("trailers", (trailers) => resolve(trailers["grpc-status"]));
    });
  });
  const refused = await Promise.race(statuses);
  expect(refused).toBe("8");
  gate.reach();
  const all = await Promise.all(statuses);
  expect(all.filter((status) => status === "8")).toHaveLength(5);
});
