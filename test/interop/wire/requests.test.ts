import { deflateSync, gzipSync } from "node:zlib";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  SimpleRequestSchema,
  SimpleResponseSchema,
  StreamingInputCallRequestSchema,
  StreamingInputCallResponseSchema,
} from "../gen/grpc/testing/messages_pb.ts";
import { startServers } from "../servers.ts";
import type { RunningServer } from "../service/start-server.ts";
import { framed, rawRequest, statusOf } from "./raw-request.ts";

const unaryCall = "/grpc.testing.TestService/UnaryCall";
const inputCall = "/grpc.testing.TestService/StreamingInputCall";
const simple = toBinary(SimpleRequestSchema, create(SimpleRequestSchema, { responseSize: 7 }));
const upload = toBinary(
  StreamingInputCallRequestSchema,
  create(StreamingInputCallRequestSchema, { payload: { body: new Uint8Array(1_000) } }),
);

const ok = "0";
const unimplemented = "12";
const resourceExhausted = "8";
const internal = "13";

/** Rules of gRPC over HTTP/2 (PROTOCOL-HTTP2, "Requests"), without a client between. */
describe.each(startServers)("$name", ({ start }) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await start("127.0.0.1:0");
  });
  afterAll(() => server.stop());

  async function answerTo(request: Parameters<typeof rawRequest>[2]) {
    const response = await rawRequest(server.port, unaryCall, request);
    const payload =
      response.body.length > 5
        ? fromBinary(SimpleResponseSchema, response.body.subarray(5)).payload
        : undefined;
    return { status: statusOf(response), size: payload?.body.length };
  }
  const answered = { status: ok, size: 7 };

  describe("headers", () => {
    test.each(["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"])(
      "content-type %s",
      async (type) => {
        const request = { headers: { "content-type": type }, data: [framed(simple)] };
        expect(await answerTo(request)).toEqual(answered);
      },
    );

    test.each([
      "application/json",
      "application/grpc+json",
      "application/grpc-web",
      "application/grpcx",
      "text/html",
      "application/proto",
      "",
      undefined,
    ])("content-type %s is 415, so that no other client takes it for a success", async (type) => {
      const request = { headers: { "content-type": type }, data: [framed(simple)] };
      const response = await rawRequest(server.port, unaryCall, request);
      expect(response.headers[":status"]).toBe(415);
      expect(statusOf(response)).toBeUndefined();
    });

    test("te may be missing, and unknown headers do no harm", async () => {
      const headers = { te: undefined, "grpc-unknown": "x", "grpc-status": "9", "x-any": "y" };
      expect(await answerTo({ headers, data: [framed(simple)] })).toEqual(answered);
    });

    test.each([
      "/",
      "/grpc.testing.TestService",
      "/grpc.testing.TestService/",
      "/grpc.testing.TestService/unaryCall",
      "/grpc.testing.TestService/UnaryCall/",
      "/grpc.testing.TestService/__proto__",
      "/grpc.testing.Missing/UnaryCall",
      "//UnaryCall",
      "/%ED%99%8D/%",
    ])("path %s is UNIMPLEMENTED, by trailers alone", async (path) => {
      const response = await rawRequest(server.port, path, { data: [framed(simple)] });
      expect(response.headers).toMatchObject({ ":status": 200, "grpc-status": unimplemented });
      expect(response.trailers).toBeUndefined();
    });

    test.each(["GET", "PUT"])("%s runs nothing", async (method) => {
      const request = { headers: { ":method": method }, data: [framed(simple)] };
      const response = await rawRequest(server.port, unaryCall, request);
      expect(response.headers[":status"]).toBe(415);
      expect(statusOf(response)).toBeUndefined();
    });
  });

  describe("messages", () => {
    test("byte by byte", async () => {
      const data = [...framed(simple)].map((byte) => Buffer.of(byte));
      expect(await answerTo({ data })).toEqual(answered);
    });

    test("several in one frame, and one in several", async () => {
      const three = Buffer.concat([framed(upload), framed(upload), framed(upload)]);
      const data = [three, three.subarray(0, 1_500), three.subarray(1_500)];
      const { body } = await rawRequest(server.port, inputCall, { data });
      const { aggregatedPayloadSize } = fromBinary(
        StreamingInputCallResponseSchema,
        body.subarray(5),
      );
      expect(aggregatedPayloadSize).toBe(6_000);
    });

    test("followed by trailers, which no one needs", async () => {
      const trailers = { "grpc-status": "9", "x-any": "y" };
      expect(await answerTo({ data: [framed(simple)], trailers })).toEqual(answered);
    });

    test.each([
      ["none", []],
      ["two", [framed(simple), framed(simple)]],
    ])("%s for a unary call", async (_, data) => {
      expect(await answerTo({ data })).toEqual({ status: unimplemented, size: undefined });
    });

    test("two, without an end: the second one is the end", async () => {
      const data = [framed(simple), framed(simple)];
      expect((await answerTo({ data, open: true })).status).toBe(unimplemented);
    });

    test.each([
      ["that is cut off", framed(simple).subarray(0, 6)],
      ["that is a prefix alone", framed(simple).subarray(0, 5)],
      ["that is half a prefix", framed(simple).subarray(0, 3)],
    ])("one %s is no message", async (_, data) => {
      expect((await answerTo({ data: [data] })).status).not.toBe(ok);
    });

    test("one of other bytes than its type's", async () => {
      expect((await answerTo({ data: [framed(Buffer.from([0x0a, 0xff]))] })).status).toBe(internal);
    });

    test("one over the limit, told by its prefix", async () => {
      const prefix = framed(Buffer.alloc(0));
      prefix.writeUInt32BE(0xffff_ffff, 1);
      expect((await answerTo({ data: [prefix], open: true })).status).toBe(resourceExhausted);
    });
  });

  describe("compression", () => {
    test.each([
      ["gzip", gzipSync],
      ["deflate", deflateSync],
    ])("%s, for some messages of a stream", async (encoding, compress) => {
      const data = [framed(compress(upload), 1), framed(upload, 0), framed(compress(upload), 1)];
      const headers = { "grpc-encoding": encoding };
      const { body } = await rawRequest(server.port, inputCall, { headers, data });
      const { aggregatedPayloadSize } = fromBinary(
        StreamingInputCallResponseSchema,
        body.subarray(5),
      );
      expect(aggregatedPayloadSize).toBe(3_000);
    });

    test.each([0, 1])(
      "an unknown encoding is UNIMPLEMENTED, used or not (flag %i)",
      async (flag) => {
        const headers = { "grpc-encoding": "snappy" };
        expect((await answerTo({ headers, data: [framed(simple, flag)] })).status).toBe(
          unimplemented,
        );
      },
    );

    test("bytes that are not compressed as they say are INTERNAL", async () => {
      const headers = { "grpc-encoding": "gzip" };
      expect((await answerTo({ headers, data: [framed(simple, 1)] })).status).toBe(internal);
    });

    test("what becomes too large is RESOURCE_EXHAUSTED", async () => {
      const headers = { "grpc-encoding": "gzip" };
      const data = [framed(gzipSync(Buffer.alloc(32 * 1024 * 1024)), 1)];
      expect((await answerTo({ headers, data })).status).toBe(resourceExhausted);
    });
  });
});
