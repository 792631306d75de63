import { Metadata } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { isDecompressionFailure } from "../../../runtime/src/grpc-js-internals/decompression-failure.ts";
import { frame } from "../support/raw-call.ts";
import { openChannel, startChannelCall } from "./channel-call.ts";
import { startHttp2Server } from "./http2-response.ts";

test("canary: grpc-js reports an error of decompression as a status without a code", async () => {
  const body = frame(Buffer.from("message"));
  body.writeUInt8(1, 0);
  const { port } = await startHttp2Server({
    body,
    trailers: { "grpc-status": "0" },
    headers: { "grpc-encoding": "snappy" },
  });
  const { status } = startChannelCall(openChannel(port));
  expect(isDecompressionFailure(await status)).toBe(true);
});

test("fall-back: a status with a code is used as it is", () => {
  const status = { code: 13, details: "cannot decompress", metadata: new Metadata() };
  expect(isDecompressionFailure(status)).toBe(false);
});
