import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { connect as connectClient } from "../support/echo.ts";
import { openSession, startCall } from "./http2-calls.ts";
import { expectGrowth } from "./memory-growth.ts";
import { startProcess } from "./server-process.ts";

const megabyte = 1024 * 1024;
const uploads = 50;
const capBytes = 16 * megabyte;
/** What HTTP/2's windows may hold besides, and what calls cost in any case. */
const restBytes = 64 * megabyte;

/** A request of almost 4 MiB: an unknown field, which the server skips. */
const request = (() => {
  const bytes = Buffer.alloc(4 * megabyte - 1_024);
  const length = bytes.length - 5 - 6;
  bytes.writeUInt32BE(bytes.length - 5, 1);
  bytes.set([0x7a, ...varint(length)], 5);
  return bytes;
})();

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  // Always five bytes.
  for (let index = 0; index < 4; index += 1, rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + 128);
  }
  return [...bytes, rest];
}

function startUpload(session: ClientHttp2Session): ClientHttp2Stream {
  const stream = startCall(session, "Unary");
  stream.resume();
  stream.write(request.subarray(0, -1));
  return stream;
}

test("requests that do not end take bounded memory, and all arrive once they do", {
  timeout: 120_000,
}, async () => {
  const server = await startProcess({
    kind: "own",
    limits: { maxBufferedBytesPerConnection: capBytes },
  });
  const other = connectClient(server.address);
  await other.unary({});
  const before = await server.report();
  // Node counts what waits to be sent.
  const session = await openSession(server.port, { maxSessionMemory: 1_000 });
  const streams = Array.from({ length: uploads }, () => startUpload(session));
  const statuses = streams.map(async (stream) => {
    const [trailers] = await once(stream, "trailers");
    return trailers["grpc-status"];
  });
  await delay(2_000);
  await other.unary({});
  await expectGrowth(server, before, capBytes + restBytes);
  for (const stream of streams) stream.end(request.subarray(-1));
  expect(await Promise.all(statuses)).toEqual(Array(uploads).fill("0"));
});
