import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import {
  noHeaders,
  ResponseMetadata,
  TextlessTrailers,
} from "../../../runtime/src/grpc-js-internals/response-metadata.ts";
import { frame, rawCall } from "../support/raw-call.ts";
import { openChannel, startChannelCall } from "./channel-call.ts";
import { startHttp2Server } from "./http2-response.ts";
import { startNativeServer } from "./native-server.ts";

/** The response of a server of grpc-js that sends these headers and trailers. */
async function respondWith(headers: grpc.Metadata, trailers: grpc.Metadata) {
  const { port } = await startNativeServer({
    unary: (call, callback) => {
      call.sendMetadata(headers);
      callback(null, Buffer.alloc(0), trailers);
    },
  });
  const call = rawCall(port, "/native/Unary");
  call.raw(frame(Buffer.alloc(0)));
  call.end();
  return await call.outcome;
}

function withEntry<T extends grpc.Metadata>(metadata: T): T {
  metadata.set("x-data-bin", Buffer.from([1]));
  return metadata;
}

describe("canary", () => {
  test("grpc-js sends what `clone` and `toHttp2Headers` of metadata return", async () => {
    const { headers, trailers } = await respondWith(
      withEntry(new ResponseMetadata()),
      withEntry(new TextlessTrailers()),
    );
    expect(headers["x-data-bin"]).toBe("AQ");
    expect(trailers).toMatchObject({ "grpc-status": "0", "x-data-bin": "AQ" });
    expect(trailers).not.toHaveProperty("grpc-message");
  });

  test("grpc-js does not change headers that all calls share", async () => {
    const { headers } = await respondWith(noHeaders, new TextlessTrailers());
    expect(headers[":status"]).toBe(200);
    expect(noHeaders.toHttp2Headers()).toEqual({});
  });

  // The reason for all of it: if this fails, grpc-js may not need the correction any more.
  test("grpc-js itself pads binary values and sends a text with OK", async () => {
    const { headers, trailers } = await respondWith(
      withEntry(new grpc.Metadata()),
      withEntry(new grpc.Metadata()),
    );
    expect(headers["x-data-bin"]).toBe("AQ==");
    expect(trailers).toHaveProperty("grpc-message");
  });
});

test("fall-back: peers accept padding and an empty text", async () => {
  const { port } = await startHttp2Server({
    body: frame(Buffer.alloc(0)),
    trailers: { "grpc-status": "0", "grpc-message": "", "x-data-bin": "AQ==" },
  });
  const { status } = startChannelCall(openChannel(port));
  const { code, details, metadata } = await status;
  expect({ code, details }).toEqual({ code: 0, details: "" });
  expect(metadata.get("x-data-bin")).toEqual([Buffer.from([1])]);
});
