import { constants, createServer, type ServerHttp2Stream } from "node:http2";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { createChannelPool } from "../../../runtime/src/client/channel-pool.ts";
import { GrpcError, type StatusCode } from "../../../runtime/src/index.ts";
import { EchoReplySchema } from "../gen/echo_pb.ts";
import { cleanUp, connect, raise, until } from "../support/echo.ts";
import { frame } from "../support/raw-call.ts";
import { paths } from "./support/calls.ts";
import { type RawPeer, startRawServer } from "./support/raw-server.ts";

const count = 50;
const bytes = replyOf(500);
const reply = frame(bytes);
const compressed = frame(gzipSync(bytes));
compressed.writeUInt8(1, 0);

/** As a server sends them that compresses only what it gains by. */
function someCompressed(message: Buffer, index: number): Buffer {
  return index > 20 && index % 3 === 0 ? compressed : message;
}

function replyOf(length: number): Uint8Array {
  return toBinary(EchoReplySchema, create(EchoReplySchema, { text: "x".repeat(length) }));
}

/** What a server answers as soon as a call begins. */
interface Answer {
  readonly messages: readonly Buffer[];
  readonly trailers: Record<string, string>;
  readonly encoding?: string;
}

async function serve(answer: Answer): Promise<string> {
  const { messages, trailers, encoding = "identity" } = answer;
  const server = createServer();
  server.on("session", (session) => cleanUp(() => session.destroy()));
  server.on("stream", (stream: ServerHttp2Stream) => {
    stream.on("error", () => {});
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "grpc-encoding": encoding },
      { waitForTrailers: true },
    );
    stream.on("wantTrailers", () => {
      stream.sendTrailers(trailers);
      // As servers do that have heard enough (RFC 9113, 8.1), once the trailers have left.
      setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), 5);
    });
    stream.end(Buffer.concat(messages));
  });
  cleanUp(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null
    ? `127.0.0.1:${address.port}`
    : raise("no port");
}

/** Reads with a pause after each message, as one who stores it somewhere. */
async function readSlowly(
  responses: AsyncIterable<unknown>,
  pause: () => Promise<unknown> = () => wait(1),
): Promise<{ read: number; code: StatusCode | "OK"; error: unknown }> {
  let read = 0;
  try {
    for await (const _ of responses) {
      read += 1;
      await pause();
    }
    return { read, code: "OK", error: undefined };
  } catch (error) {
    return { read, code: error instanceof GrpcError ? error.code : raise(String(error)), error };
  }
}

/** Requests without end. */
async function* endless(onClosed: () => void = () => {}) {
  try {
    for (;;) {
      yield {};
      await wait(1);
    }
  } finally {
    onClosed();
  }
}

const failed = { "grpc-status": "9", "grpc-message": "not%20now", "x-trailer": "t" };
const fifty = Array.from({ length: count }, () => reply);

/** Messages that were sent before a status are read before it, however slowly, and none is lost. */
describe.each(paths)("responses before a status, $name", ({ options }) => {
  test.each([
    ["as they are", { messages: fifty }],
    ["compressed", { messages: fifty.map(() => compressed), encoding: "gzip" }],
    ["some of them compressed", { messages: fifty.map(someCompressed), encoding: "gzip" }],
  ])("%s, when the stream fails", async (_, answer) => {
    const client = connect(await serve({ trailers: failed, ...answer }), options);
    for (const responses of [client.serverStream({}), client.bidi([{}])]) {
      const { read, code, error } = await readSlowly(responses);
      expect({ read, code }).toEqual({ read: count, code: "FAILED_PRECONDITION" });
      if (!(error instanceof GrpcError)) raise("no GrpcError");
      expect(error.rawMessage).toBe("not now");
      expect(error.metadata.get("x-trailer")).toEqual(["t"]);
      expect(error.metadata.get("grpc-status")).toEqual([]);
    }
  });

  test("through a pool", async () => {
    const pool = createChannelPool(await serve({ trailers: failed, messages: fifty }), { size: 2 });
    cleanUp(() => pool.close());
    const { EchoClient } = await import("../gen/echo_client.ts");
    const { read, code } = await readSlowly(new EchoClient(pool, options).serverStream({}));
    expect({ read, code }).toEqual({ read: count, code: "FAILED_PRECONDITION" });
  });

  test.each([
    ["OK", { "grpc-status": "0" }],
    ["FAILED_PRECONDITION", failed],
  ])("when the server has heard enough of a bidirectional call: %s", async (code, trailers) => {
    const client = connect(await serve({ trailers, messages: fifty }), options);
    let closed = false;
    const requests = endless(() => {
      closed = true;
    });
    expect(await readSlowly(client.bidi(requests))).toMatchObject({ read: count, code });
    await until(() => closed);
  });

  test.each([
    ["reset", (peer: RawPeer) => peer.reset(constants.NGHTTP2_CANCEL)],
    ["cut off", (peer: RawPeer) => peer.socket.destroySoon()],
  ])("when they are lost, for the stream is %s, the call fails at once", async (_, lose) => {
    // Of a size to arrive in several pieces, of which the later ones wait in the stream.
    const large = replyOf(20_000);
    for (const [code, status] of [
      ["FAILED_PRECONDITION", "9"],
      ["UNAVAILABLE", "0"],
    ] as const) {
      const port = await startRawServer({
        onCall: (peer) => {
          peer.begin();
          for (let index = 0; index < 3; index += 1) peer.message(large);
          peer.end(status);
          lose(peer);
        },
      });
      const responses = connect(`127.0.0.1:${port}`, options).bidi(endless());
      const { read, code: end } = await readSlowly(responses, () => wait(50));
      // Where nothing was lost, OK is true.
      expect(end).toBe(read === 3 && status === "0" ? "OK" : code);
    }
  });

  test("the deadline and the reader still end a call", async () => {
    const client = connect(await serve({ trailers: failed, messages: fifty }), options);
    const late = client.serverStream({}, { timeoutMs: 200 });
    let read = 0;
    try {
      for await (const _ of late) {
        read += 1;
        await wait(50);
      }
    } catch (error) {
      expect(error).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    }
    expect(read).toBeLessThan(count);
    for await (const _ of client.serverStream({})) break;
  });

  test("a call whose last response is cut off fails", async () => {
    const messages = [reply, reply.subarray(0, 20)];
    const trailers = { "grpc-status": "0" };
    const client = connect(await serve({ trailers, messages }), options);
    expect(await readSlowly(client.serverStream({}))).toMatchObject({ read: 1, code: "INTERNAL" });
  });
});
