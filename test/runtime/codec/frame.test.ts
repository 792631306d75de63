import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { frameInPlace } from "../../../runtime/src/codec/frame.ts";
import { reflectCodec } from "../../../runtime/src/method.ts";
import { framed, framedAll } from "../../../runtime/src/server/response-frames.ts";
import { echoRequestCodec } from "../gen/echo_codec.ts";
import { EchoRequestSchema } from "../gen/echo_pb.ts";

const sizes = [0, 1, 100, 5_000, 20_000, 70_000, 70_100, 70_200, 2_000_000, 20_000_000];

/** The message behind its prefix, as gRPC has it. */
function expected(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function text(size: number): { text: string } {
  return { text: "a".repeat(size) };
}

test("an encoded message is framed where it is, without a copy", () => {
  for (const size of sizes) {
    // The second one of a size is written where it stays.
    for (let round = 0; round < 3; round++) {
      const message = echoRequestCodec.encode(text(size));
      const frame = frameInPlace(message);
      expect(frame?.equals(expected(message))).toBe(true);
      expect(frame?.buffer).toBe(message.buffer);
      expect(frame?.byteOffset).toBe(message.byteOffset - 5);
      expect(framed(message, true).buffer).toBe(message.buffer);
    }
  }
});

test("messages in the same memory do not touch each other's frames", () => {
  const frames = Array.from({ length: 5000 }, (_, i) => {
    const message = echoRequestCodec.encode(text(i % 60));
    return { frame: framed(message, true), message, copy: Buffer.from(message) };
  });
  for (const { frame, message, copy } of frames) {
    expect(message.equals(copy)).toBe(true);
    expect(frame.equals(expected(copy))).toBe(true);
  }
});

test("what may not keep other memory, is compressed, or is a part of a message is copied", () => {
  const message = echoRequestCodec.encode(text(50));
  const part = message.subarray(7, 30);
  const others = [
    framed(message, false),
    framed(part, true),
    framed(reflectCodec(EchoRequestSchema).encode(create(EchoRequestSchema, text(50))), true),
  ];
  for (const frame of others) expect(frame.buffer).not.toBe(message.buffer);
  expect(others[1]?.equals(expected(part))).toBe(true);
  const compressed = framed(message, true, true);
  expect(compressed[0]).toBe(1);
  expect(frameInPlace(message)?.[0]).toBe(0);
});

test("bytes that are not encoded by us are copied", () => {
  const memory = Buffer.alloc(100);
  for (const bytes of [
    memory,
    memory.subarray(5),
    memory.subarray(5, 5),
    memory.subarray(20, 40),
  ]) {
    expect(frameInPlace(bytes)).toBe(undefined);
    expect(framed(bytes, true).equals(expected(bytes))).toBe(true);
  }
});

test("messages that were encoded one after the other are framed where they are", () => {
  const messages = Array.from({ length: 50 }, (_, i) => echoRequestCodec.encode(text(i % 7)));
  const frames = Buffer.concat(messages.map(expected));
  const inPlace = framedAll(messages, frames.length, true);
  expect(inPlace.equals(frames)).toBe(true);
  expect(inPlace.buffer).toBe(messages[0]?.buffer);
});

test("others are copied: in another order, with a gap, of other memory, or that may not keep it", () => {
  const [a, b, c] = [1, 2, 3].map((size) => echoRequestCodec.encode(text(size)));
  if (a === undefined || b === undefined || c === undefined) throw new Error("no messages");
  const shared = a.buffer;
  for (const [messages, pooled] of [
    [[b, a], true],
    [[a, c], true],
    [[a, Buffer.from("x")], true],
    [[a.subarray(0, 2), b], true],
    [[a.subarray(1), b], true],
    [[a, b, c], false],
  ] as const) {
    const frames = Buffer.concat(messages.map(expected));
    const copied = framedAll(messages, frames.length, pooled);
    expect(copied.equals(frames)).toBe(true);
    expect(copied.buffer).not.toBe(shared);
  }
});
