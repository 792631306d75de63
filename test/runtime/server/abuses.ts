import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { frame, rawCall } from "../support/raw-call.ts";
import {
  endHeaders,
  endStream,
  frameTypes,
  literal,
  preface,
  rawFrame,
  requestHeaders,
  settingsFrame,
} from "./http2-frames.ts";
import { flood, rawSocket } from "./raw-socket.ts";

const noBytes = Buffer.alloc(0);
const path = (method: string) => `/runtime.test.Echo/${method}`;

async function openSession(port: number): Promise<Socket> {
  const socket = await rawSocket(port);
  socket.write(Buffer.concat([preface, settingsFrame]));
  await once(socket, "data");
  // What the server says is read and thrown away.
  socket.resume();
  return socket;
}

function* repeated(count: number, make: (index: number) => Buffer): Iterable<Buffer> {
  for (let index = 0; index < count; index += 1) yield make(index);
}

/** Streams of a client have odd numbers. */
const streamId = (index: number) => 2 * index + 1;

function open(index: number, method: string, flags = endHeaders): Buffer {
  return rawFrame(frameTypes.headers, flags, streamId(index), requestHeaders(path(method)));
}

async function floodSession(port: number, chunks: Iterable<Buffer>): Promise<void> {
  const socket = await openSession(port);
  await flood(socket, chunks);
}

/** Calls over one connection, each of them complete, and reset at once. */
export function resetStreams(port: number, count: number): Promise<void> {
  return floodSession(
    port,
    repeated(count, (index) =>
      Buffer.concat([
        open(index, "ServerStream"),
        rawFrame(frameTypes.data, endStream, streamId(index), frame(Buffer.from([0x10, 0x20]))),
        rawFrame(frameTypes.rstStream, 0, streamId(index), Buffer.from([0, 0, 0, 8])),
      ]),
    ),
  );
}

/** What no server must mind, by its name; takes the port of the victim. */
export const abuses: Record<string, (port: number) => Promise<unknown>> = {
  "a gzip bomb": async (port) => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    const call = rawCall(port, path("Unary"), { headers: { "grpc-encoding": "gzip" } });
    const message = frame(bomb);
    message[0] = 1;
    call.raw(message);
    call.end();
    expect((await call.outcome).statuses).toEqual(["8"]);
  },
  "a message longer than allowed": async (port) => {
    const call = rawCall(port, path("Bidi"));
    call.raw(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
    call.end();
    expect((await call.outcome).statuses).toEqual(["8"]);
  },
  "10 000 streams at once": (port) =>
    floodSession(
      port,
      repeated(10_000, (index) => open(index, "Bidi")),
    ),
  "10 000 streams that are reset": (port) => resetStreams(port, 10_000),
  "1 000 idle sockets": async (port) => {
    await Promise.all(Array.from({ length: 1_000 }, () => rawSocket(port)));
  },
  "1 000 idle sessions": async (port) => {
    await Promise.all(Array.from({ length: 1_000 }, () => openSession(port)));
  },
  "headers that come byte by byte": async (port) => {
    const socket = await openSession(port);
    for (const byte of open(0, "Unary").subarray(0, 60)) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  },
  "one huge header": (port) => {
    const block = Buffer.concat([requestHeaders(path("Unary")), literal("x", "v".repeat(2 ** 20))]);
    return floodSession(port, [
      rawFrame(frameTypes.headers, 0, 1, block.subarray(0, 16_384)),
      ...repeated(Math.ceil(block.length / 16_384) - 1, (index) =>
        rawFrame(
          frameTypes.continuation,
          0,
          1,
          block.subarray((index + 1) * 16_384, (index + 2) * 16_384),
        ),
      ),
    ]);
  },
  "10 000 headers": (port) => {
    const entry = (index: number) => literal(`x-${index}`, "v".repeat(100));
    return floodSession(port, [
      open(0, "Unary", 0),
      ...repeated(10_000, (index) => rawFrame(frameTypes.continuation, 0, 1, entry(index))),
      rawFrame(frameTypes.continuation, endHeaders, 1, entry(10_000)),
    ]);
  },
  "endless empty CONTINUATION frames": (port) =>
    floodSession(port, [
      open(0, "Unary", 0),
      ...repeated(100_000, () => rawFrame(frameTypes.continuation, 0, 1, noBytes)),
    ]),
  "endless pings": (port) =>
    floodSession(
      port,
      repeated(100_000, () => rawFrame(frameTypes.ping, 0, 0, Buffer.alloc(8))),
    ),
  "endless pings whose answers are not read": async (port) => {
    const socket = await openSession(port);
    socket.pause();
    await flood(
      socket,
      repeated(300_000, () => rawFrame(frameTypes.ping, 0, 0, Buffer.alloc(8))),
    );
  },
  "endless settings": (port) =>
    floodSession(
      port,
      repeated(100_000, () => settingsFrame),
    ),
  "endless settings whose answers are not read": async (port) => {
    const socket = await openSession(port);
    socket.pause();
    await flood(
      socket,
      repeated(300_000, () => settingsFrame),
    );
  },
  "endless priorities": (port) =>
    floodSession(
      port,
      repeated(100_000, (index) =>
        rawFrame(frameTypes.priority, 0, streamId(index), Buffer.from([0, 0, 0, 0, 1])),
      ),
    ),
  "endless window updates": (port) =>
    floodSession(
      port,
      repeated(100_000, () => rawFrame(frameTypes.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1]))),
    ),
  "endless empty data": (port) =>
    floodSession(port, [
      open(0, "ClientStream"),
      ...repeated(100_000, () => rawFrame(frameTypes.data, 0, 1, noBytes)),
    ]),
  "malformed frames": async (port) => {
    const malformed = [
      rawFrame(frameTypes.data, 0, 0, Buffer.from("on no stream")),
      rawFrame(frameTypes.data, 0, 7, Buffer.from("on a stream never opened")),
      rawFrame(frameTypes.headers, endHeaders, 2, requestHeaders(path("Unary"))),
      rawFrame(frameTypes.headers, endHeaders, 1, Buffer.from([0xff, 0xff, 0xff, 0xff])),
      rawFrame(frameTypes.headers, endHeaders, 1, literal(":path", "/only")),
      rawFrame(frameTypes.headers, endHeaders, 1, noBytes),
      rawFrame(frameTypes.settings, 0, 0, Buffer.from([0, 4, 0xff, 0xff, 0xff, 0xff])),
      rawFrame(frameTypes.settings, 0, 0, Buffer.from([1])),
      rawFrame(frameTypes.ping, 0, 0, Buffer.from([1])),
      rawFrame(frameTypes.windowUpdate, 0, 0, Buffer.alloc(4)),
      rawFrame(frameTypes.pushPromise, endHeaders, 1, Buffer.alloc(4)),
      rawFrame(frameTypes.continuation, endHeaders, 1, noBytes),
      rawFrame(frameTypes.rstStream, 0, 9, Buffer.alloc(4)),
      rawFrame(frameTypes.goaway, 0, 0, noBytes),
      rawFrame(0xee, 0xff, 1, Buffer.from("of no known type")),
      Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1]), Buffer.alloc(100_000)]),
      Buffer.from("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    ];
    for (const bytes of malformed) await floodSession(port, [bytes]);
    for (const bytes of malformed) (await rawSocket(port)).write(bytes);
  },
};
