import type { IncomingHttpHeaders } from "node:http2";
import { credentials, type Metadata } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import { connectPeer, type Peer } from "../client/peer.ts";
import { answerHeaders, type RawHandler, type RawServer, startRawServer } from "./raw-server.ts";

let server: RawServer;
let peer: Peer;

async function connect(handle: RawHandler): Promise<Peer["test"]> {
  server = await startRawServer(handle);
  peer = connectPeer(server.address, credentials.createInsecure());
  return peer.test;
}

afterEach(() => {
  peer.close();
  server.close();
});

/** Rules of gRPC over HTTP/2 (PROTOCOL-HTTP2), for what a generated client sends and takes. */
describe("what a client sends", () => {
  async function sentHeaders(options: Parameters<Peer["test"]["emptyCall"]>[1]) {
    let sent: IncomingHttpHeaders = {};
    const client = await connect((stream, headers) => {
      sent = headers;
      answerHeaders(stream, { "grpc-status": "5" });
    });
    await expect(client.emptyCall({}, options)).rejects.toMatchObject({ code: "NOT_FOUND" });
    return sent;
  }

  test("the definition of the call", async () => {
    expect(await sentHeaders({})).toMatchObject({
      ":method": "POST",
      ":scheme": "http",
      ":path": "/grpc.testing.TestService/EmptyCall",
      ":authority": server.address,
      te: "trailers",
      "content-type": expect.stringMatching(/^application\/grpc(\+proto)?$/),
      "user-agent": expect.stringMatching(/^grpc-/),
      "grpc-accept-encoding": expect.stringContaining("gzip"),
    });
  });

  test.each([5_000, 60_000, 100_000_000, 2 ** 40])("a timeout of %i ms", async (timeoutMs) => {
    expect((await sentHeaders({ timeoutMs }))["grpc-timeout"]).toMatch(/^\d{1,8}[HMSmun]$/);
  });

  test("no timeout when there is no deadline", async () => {
    expect(await sentHeaders({ timeoutMs: 0 })).not.toHaveProperty("grpc-timeout");
  });

  test("metadata, binary ones in base64", async () => {
    const metadata = { "x-text": "a b", "x-data-bin": Buffer.from([0xff, 0xfe]) };
    const sent = await sentHeaders({ metadata });
    expect(sent["x-text"]).toBe("a b");
    expect(sent["x-data-bin"]).toMatch(/^\/\/4=?$/);
  });
});

describe("what a client makes of", () => {
  // The mapping of gRPC's http-grpc-status-mapping.
  test.each([
    [400, "INTERNAL"],
    [401, "UNAUTHENTICATED"],
    [403, "PERMISSION_DENIED"],
    [404, "UNIMPLEMENTED"],
    [429, "UNAVAILABLE"],
    [502, "UNAVAILABLE"],
    [503, "UNAVAILABLE"],
    [504, "UNAVAILABLE"],
    [418, "UNKNOWN"],
    [500, "UNKNOWN"],
  ])("HTTP status %i without one of gRPC", async (status, code) => {
    const client = await connect((stream) => {
      stream.respond({ ":status": status, "content-type": "text/html" });
      stream.end("<html>an error page, which is no message</html>");
    });
    await expect(client.emptyCall({})).rejects.toMatchObject({ code });
  });

  test("a status of gRPC with another HTTP status: gRPC's counts", async () => {
    const client = await connect((stream) =>
      answerHeaders(stream, { ":status": 503, "grpc-status": "5" }),
    );
    await expect(client.emptyCall({})).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test.each([
    [1, "INTERNAL"], // PROTOCOL_ERROR
    [2, "INTERNAL"], // INTERNAL_ERROR
    [3, "INTERNAL"], // FLOW_CONTROL_ERROR
    [8, "CANCELLED"], // CANCEL
    [11, "RESOURCE_EXHAUSTED"], // ENHANCE_YOUR_CALM
    [12, "PERMISSION_DENIED"], // INADEQUATE_SECURITY
  ])("RST_STREAM with code %i", async (reset, code) => {
    const client = await connect((stream) => stream.close(reset));
    await expect(client.emptyCall({})).rejects.toMatchObject({ code });
  });

  test.each([
    ["plain", "not found", "not found"],
    ["percent-encoded", "%EA%B0%80%20100%25%0A", "가 100%\n"],
    ["with a percent sign left as it is", "100% sure", "100% sure"],
    ["with broken UTF-8", "%EA%B0", "%EA%B0"],
    ["missing", undefined, ""],
  ])("a text %s", async (_, encoded, rawMessage) => {
    const client = await connect((stream) =>
      answerHeaders(stream, { "grpc-status": "5", "grpc-message": encoded }),
    );
    await expect(client.emptyCall({})).rejects.toMatchObject({ code: "NOT_FOUND", rawMessage });
  });

  test("binary trailers, padded or not, one by one or in a list", async () => {
    const client = await connect((stream) =>
      answerHeaders(stream, { "grpc-status": "5", "x-a-bin": "AQ==", "x-b-bin": "AQ,AQI=, AQID" }),
    );
    let trailer: Metadata | undefined;
    const onTrailer = (received: Metadata): void => {
      trailer = received;
    };
    await expect(client.emptyCall({}, { onTrailer })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(trailer?.get("x-a-bin")).toEqual([Buffer.of(1)]);
    expect(trailer?.get("x-b-bin")).toEqual([Buffer.of(1), Buffer.of(1, 2), Buffer.of(1, 2, 3)]);
  });
});
