import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  SimpleRequestSchema,
  StreamingOutputCallRequestSchema,
} from "../gen/grpc/testing/messages_pb.ts";
import { startServers } from "../servers.ts";
import type { RunningServer } from "../service/start-server.ts";
import { framed, rawRequest } from "./raw-request.ts";

const unaryCall = "/grpc.testing.TestService/UnaryCall";
const duplexCall = "/grpc.testing.TestService/FullDuplexCall";
const simple = framed(toBinary(SimpleRequestSchema, create(SimpleRequestSchema)));

function failing(message: string): Buffer {
  const request = create(SimpleRequestSchema, { responseStatus: { code: 9, message } });
  return framed(toBinary(SimpleRequestSchema, request));
}

/** Rules of gRPC over HTTP/2 (PROTOCOL-HTTP2, "Responses"), without a client between. */
describe.each(startServers)("$name", ({ start }) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await start("127.0.0.1:0");
  });
  afterAll(() => server.stop());

  test("headers, message, trailers", async () => {
    const { headers, trailers, body } = await rawRequest(server.port, unaryCall, {
      data: [simple],
    });
    expect(headers[":status"]).toBe(200);
    expect(headers["content-type"]).toMatch(/^application\/grpc(\+proto)?$/);
    expect(headers["grpc-status"]).toBeUndefined();
    expect(body[0]).toBe(0);
    expect(body.length).toBe(5 + body.readUInt32BE(1));
    expect(trailers?.["grpc-status"]).toBe("0");
  });

  test("a failure without a message is trailers alone", async () => {
    const data = [failing("as told")];
    const { headers, trailers, body } = await rawRequest(server.port, unaryCall, { data });
    expect(headers).toMatchObject({
      ":status": 200,
      "grpc-status": "9",
      "grpc-message": "as%20told",
    });
    expect(headers["content-type"]).toMatch(/^application\/grpc(\+proto)?$/);
    expect(trailers).toBeUndefined();
    expect(body.length).toBe(0);
  });

  test("a failure after a message is in the trailers", async () => {
    const asking = create(StreamingOutputCallRequestSchema, { responseParameters: [{ size: 1 }] });
    const ending = create(StreamingOutputCallRequestSchema, {
      responseStatus: { code: 9, message: "enough" },
    });
    const data = [asking, ending].map((each) =>
      framed(toBinary(StreamingOutputCallRequestSchema, each)),
    );
    const { headers, trailers, body } = await rawRequest(server.port, duplexCall, { data });
    expect(headers["grpc-status"]).toBeUndefined();
    expect(body.length).toBeGreaterThan(5);
    expect(trailers).toMatchObject({ "grpc-status": "9", "grpc-message": "enough" });
  });

  test.each([
    ["percent signs", "100% of %41"],
    ["Korean", "없습니다"],
    ["beyond the BMP", "😈"],
    ["white space", "\t\na\r\n b "],
    ["signs", "a=b&c?d#e/f+g;h,i@j:k$l\"'<>[]{}|\\^`~"],
  ])("a text of %s is percent-encoded", async (_, text) => {
    const { headers } = await rawRequest(server.port, unaryCall, { data: [failing(text)] });
    const encoded = String(headers["grpc-message"]);
    expect(encoded).toMatch(/^(?:[ -$&-~]|%[0-9A-F]{2})*$/);
    expect(decodeURIComponent(encoded)).toBe(text);
  });

  test.each([
    ["100m", "milliseconds"],
    ["100000u", "microseconds"],
    ["99999999n", "nanoseconds"],
  ])("a timeout of %s ends the call: %s", async (timeout) => {
    const before = performance.now();
    const request = { headers: { "grpc-timeout": timeout }, open: true };
    const { headers, trailers = headers } = await rawRequest(server.port, duplexCall, request);
    expect(trailers["grpc-status"]).toBe("4");
    expect(performance.now() - before).toBeGreaterThan(90);
  });

  test.each(["1H", "1M", "10S", "99999999H", "99999999S", "2562048H"])(
    "a timeout of %s does not end it at once",
    async (timeout) => {
      const asking = create(StreamingOutputCallRequestSchema, {
        responseParameters: [{ size: 1, intervalUs: 30_000 }],
      });
      const { trailers } = await rawRequest(server.port, duplexCall, {
        headers: { "grpc-timeout": timeout },
        data: [framed(toBinary(StreamingOutputCallRequestSchema, asking))],
      });
      expect(trailers?.["grpc-status"]).toBe("0");
    },
  );

  test.each(["", "1", "S", "1x", "soon"])("%j is no timeout", async (timeout) => {
    const headers = { "grpc-timeout": timeout };
    const response = await rawRequest(server.port, unaryCall, { headers, data: [simple] });
    expect(response.headers["grpc-status"]).toBe("13");
  });
});
