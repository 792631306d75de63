import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { cleanUp, connect as connectClient } from "../support/echo.ts";
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

async function openSession(port: number): Promise<ClientHttp2Session> {
  // Node counts what waits to be sent.
  const session = connect(`http://127.0.0.1:${port}`, { maxSessionMemory: 1_000 });
  session.on("error", () => {});
  cleanUp(() => session.destroy());
  await once(session, "remoteSettings");
  return session;
}

function startUpload(session: ClientHttp2Session): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": "/runtime.test.Echo/Unary",
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
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
  const session = await openSession(server.port);
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
