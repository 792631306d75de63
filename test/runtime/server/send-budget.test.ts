import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { beforeEach, expect, test } from "vitest";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { EchoRequestSchema } from "../gen/echo_pb.ts";
import { settled, until } from "../support/echo.ts";
import { own } from "../support/kinds.ts";
import { frame } from "../support/raw-call.ts";
import { openSession, startCall } from "./http2-calls.ts";

const kilobyte = 1024;
/** What a stream sends before it knows whether its caller reads. */
const firstMessages = 8;

/** The messages that each handler has yielded, by the text of its request. */
let yielded: Record<string, number>;
/** Handlers that run. */
let running: number;

beforeEach(() => {
  yielded = {};
  running = 0;
});

/** Yields messages of `number` bytes: twenty for the text `ends`, else without end. */
const serverStream: EchoHandlers["serverStream"] = async function* ({ text, number }) {
  running += 1;
  try {
    for (let count = 1; text !== "ends" || count <= 20; count += 1) {
      yielded[text] = count;
      yield { data: new Uint8Array(number) };
    }
  } finally {
    running -= 1;
  }
};

function ask(session: ClientHttp2Session, text: string, number: number): ClientHttp2Stream {
  const stream = startCall(session, "ServerStream");
  stream.end(frame(toBinary(EchoRequestSchema, create(EchoRequestSchema, { text, number }))));
  return stream;
}

/** How many messages a stream sends ahead whose caller takes none. */
async function sentAhead(session: ClientHttp2Session, text: string): Promise<number> {
  ask(session, text, 10);
  await until(() => yielded[text] !== undefined);
  return await settled(() => yielded[text] ?? 0);
}

/** Streams that are not read. They take more than a connection may keep: 1 MiB. */
async function fill(session: ClientHttp2Session): Promise<ClientHttp2Stream[]> {
  const before = running;
  const streams = Array.from({ length: 8 }, () => ask(session, "full", 60 * kilobyte));
  await until(() => running === before + streams.length);
  await settled(() => yielded.full ?? 0);
  return streams;
}

test("a stream has one message in flight while its connection keeps enough, and more after that", async () => {
  const port = await own.listen({ serverStream }, {});
  const session = await openSession(port, { settings: { initialWindowSize: 0 } });
  expect(await sentAhead(session, "before")).toBe(firstMessages);
  const streams = await fill(session);
  expect(await sentAhead(session, "meanwhile")).toBe(1);
  const other = await openSession(port, { settings: { initialWindowSize: 0 } });
  expect(await sentAhead(other, "of another connection")).toBe(firstMessages);
  const left = running - streams.length;
  for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
  await until(() => running === left);
  expect(await sentAhead(session, "after")).toBe(firstMessages);
});

test.each([kilobyte, 200 * kilobyte])(
  "a stream of messages of %d bytes goes on, whatever its connection keeps",
  async (size) => {
    const session = await openSession(await own.listen({ serverStream }, {}));
    await fill(session);
    const stream = ask(session, "ends", size);
    let bytes = 0;
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const [trailers] = await once(stream, "trailers");
    expect(trailers["grpc-status"]).toBe("0");
    expect(bytes).toBeGreaterThan(20 * size);
  },
);

test("a large message counts until all of it is written", async () => {
  const window = { settings: { initialWindowSize: 512 * kilobyte } };
  const session = await openSession(await own.listen({ serverStream }, {}), window);
  ask(session, "large", 1024 * kilobyte);
  await until(() => yielded.large !== undefined);
  expect(await settled(() => yielded.large ?? 0)).toBe(1);
});
