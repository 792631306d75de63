import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from "node:http2";
import { expect, test } from "vitest";
import { settled } from "../support/echo.ts";
import { own } from "../support/kinds.ts";
import { openSession, startCall } from "./http2-calls.ts";

const kilobyte = 1024;
/** An unknown field of 1 MiB, which the server skips. */
const request = (() => {
  const field = Buffer.from([0x7a, 0x80, 0x80, 0x40]);
  const bytes = Buffer.concat([Buffer.alloc(5), field, Buffer.alloc(1024 * kilobyte)]);
  bytes.writeUInt32BE(bytes.length - 5, 1);
  return bytes;
})();
/** So much that there has to be memory for all of it. */
const begun = request.subarray(0, 256 * kilobyte);
const rest = request.subarray(begun.length);

/** What is beyond this window stays with the caller until the server reads. */
const flowControlWindowBytes = 65_535;
const limits = { flowControlWindowBytes, maxBufferedBytesPerConnection: 512 * kilobyte };

const listen = (further: object = {}) =>
  own.listen({ unary: async () => ({}) }, { ...limits, ...further });

async function begin(session: ClientHttp2Session): Promise<ClientHttp2Stream> {
  const stream = startCall(session, "Unary");
  stream.resume();
  stream.write(begun);
  await settled(() => stream.writableLength);
  return stream;
}

/** Sends the rest of a request. @returns the status */
async function complete(stream: ClientHttp2Stream): Promise<unknown> {
  stream.end(rest);
  const [trailers] = await once(stream, "trailers");
  return trailers["grpc-status"];
}

async function close(stream: ClientHttp2Stream): Promise<void> {
  const closed = once(stream, "close");
  stream.close(constants.NGHTTP2_CANCEL);
  await closed;
}

test("a request waits until another of its connection has arrived", async () => {
  const session = await openSession(await listen());
  const first = await begin(session);
  expect(first.writableLength).toBe(0);
  const second = await begin(session);
  expect(second.writableLength).toBeGreaterThan(0);
  expect(await complete(first)).toBe("0");
  expect(await complete(second)).toBe("0");
});

test("a request waits until another of any connection has arrived", async () => {
  const port = await listen({ maxBufferedBytes: 512 * kilobyte });
  const first = await begin(await openSession(port));
  expect(first.writableLength).toBe(0);
  const second = await begin(await openSession(port));
  expect(second.writableLength).toBeGreaterThan(0);
  expect(await complete(first)).toBe("0");
  expect(await complete(second)).toBe("0");
});

test("an upload that is cancelled gives its memory back", async () => {
  const session = await openSession(await listen());
  await close(await begin(session));
  expect(await complete(await begin(session))).toBe("0");
});

test("an upload that is cancelled while it waits gets no memory later", async () => {
  const session = await openSession(await listen());
  const first = await begin(session);
  const waiting = await begin(session);
  expect(waiting.writableLength).toBeGreaterThan(0);
  await close(waiting);
  expect(await complete(first)).toBe("0");
  expect(await complete(await begin(session))).toBe("0");
});
