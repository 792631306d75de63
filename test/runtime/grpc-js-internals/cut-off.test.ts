import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { clientStreamOf } from "../../../runtime/src/grpc-js-internals/client-stream.ts";
import { isCutOff } from "../../../runtime/src/grpc-js-internals/cut-off.ts";
import { frame, rawCall } from "../support/raw-call.ts";
import { openChannel, startChannelCall } from "./channel-call.ts";
import { startHttp2Server } from "./http2-response.ts";
import { startNativeServer } from "./native-server.ts";

const whole = frame(Buffer.from("message"));
const streams = [
  { name: "whole messages", bytes: Buffer.concat([whole, whole]), cutOff: false },
  { name: "half a message", bytes: Buffer.concat([whole, whole.subarray(0, 8)]), cutOff: true },
  { name: "half a prefix", bytes: Buffer.concat([whole, whole.subarray(0, 2)]), cutOff: true },
];

describe("canary: grpc-js' decoders show whether a stream was cut off", () => {
  test.each(streams)("on a server: $name", async ({ bytes, cutOff }) => {
    const found: boolean[] = [];
    const { port } = await startNativeServer(
      {
        upload: (call, callback) => {
          call.on("data", () => {});
          call.on("end", () => callback(null, Buffer.alloc(0)));
        },
      },
      {
        interceptors: [
          (_method, innermost) =>
            new grpc.ServerInterceptingCall(innermost, {
              start: (next) =>
                next({
                  onReceiveHalfClose: (pass) => {
                    found.push(isCutOff(innermost));
                    pass();
                  },
                }),
            }),
        ],
      },
    );
    const call = rawCall(port, "/native/Upload");
    call.raw(bytes);
    call.end();
    await call.outcome;
    expect(found).toEqual([cutOff]);
  });

  test.each(streams)("on a client: $name", async ({ bytes, cutOff }) => {
    const { port } = await startHttp2Server({ body: bytes, trailers: { "grpc-status": "0" } });
    let innermost: object = {};
    const { status } = startChannelCall(openChannel(port), {
      onMetadata: (call) => {
        innermost = clientStreamOf(call)?.innermost ?? {};
      },
    });
    await status;
    expect(isCutOff(innermost)).toBe(cutOff);
  });
});

test.each([{}, { decoder: null }, { decoder: {} }, { decoder: { readState: "HEADER" } }])(
  "fall-back: no stream counts as cut off when the call is %j",
  (call) => {
    expect(isCutOff(call)).toBe(false);
  },
);
