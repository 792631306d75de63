import type { ServerHttp2Stream } from "node:http2";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { credentials } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { clientCompressedUnary } from "./client/cases/compression.ts";
import { connectPeer } from "./client/peer.ts";
import { SimpleRequestSchema, SimpleResponseSchema } from "./gen/grpc/testing/messages_pb.ts";
import { framed } from "./wire/raw-request.ts";
import { answerHeaders, startRawServer } from "./wire/raw-server.ts";

/** The feature "CompressedRequest", which needs a look at the wire. */
async function answer(stream: ServerHttp2Stream, encoding: unknown): Promise<void> {
  const body = await buffer(stream);
  const compressed = body[0] === 1 && encoding === "gzip";
  const message = body.subarray(5);
  const request = fromBinary(SimpleRequestSchema, compressed ? gunzipSync(message) : message);
  if (request.expectCompressed?.value !== compressed) {
    answerHeaders(stream, { "grpc-status": "3" });
    return;
  }
  const headers = { ":status": 200, "content-type": "application/grpc" };
  stream.respond(
    { ...headers, "grpc-accept-encoding": "identity,gzip" },
    { waitForTrailers: true },
  );
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  const payload = { body: new Uint8Array(request.responseSize) };
  const response = toBinary(SimpleResponseSchema, create(SimpleResponseSchema, { payload }));
  stream.end(framed(response));
}

test("client_compressed_unary", async () => {
  const failures: unknown[] = [];
  const server = await startRawServer((stream, { "grpc-encoding": encoding }) => {
    answer(stream, encoding).catch((error: unknown) => failures.push(error));
  });
  const peer = connectPeer(server.address, credentials.createInsecure());
  try {
    await clientCompressedUnary(peer);
  } finally {
    peer.close();
    server.close();
  }
  expect(failures).toEqual([]);
});
