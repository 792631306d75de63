import { collect } from "grpc-service/testing";
import { expect, test } from "vitest";
import { serverSentEvents } from "../../src/model/server-sent-events.ts";

async function* chunks(...parts: (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

const read = (...parts: (string | Uint8Array)[]) => collect(serverSentEvents(chunks(...parts)));

test.each([
  ["data: a\n\ndata: b\n\n", ["a", "b"]],
  ["data:a\n\n", ["a"]],
  ["data:  a \n\n", [" a "]],
  ["data: a\ndata: b\n\n", ["a\nb"]],
  ["data\n\n", [""]],
  ["data:\ndata\n\n", ["\n"]],
  ["event: x\nid: 7\nretry: 1\ndata: a\n\n", ["a"]],
  [": comment\n\ndata: a\n\n", ["a"]],
  ["database: a\n\n", []],
  ["\n\n\n", []],
  ["data: without an end\n", []],
  ["data: a\r\n\r\ndata: b\r\rdata: c\n\n", ["a", "b", "c"]],
  ["\uFEFFdata: a\n\n", ["a"]],
  ["data: 토큰 🙂\n\n", ["토큰 🙂"]],
])("%j", async (stream, events) => {
  expect(await read(stream)).toEqual(events);
  // Split everywhere, also inside characters and line ends.
  expect(await read(...[...Buffer.from(stream)].map((byte) => Buffer.of(byte)))).toEqual(events);
});

test("an event comes with its last byte, before the next one begins", async () => {
  const seen: string[] = [];
  async function* stream() {
    yield Buffer.from("data: a\r\n\r\n");
    seen.push("sent");
    yield Buffer.from("data: b\r\n\r\n");
  }
  for await (const event of serverSentEvents(stream())) seen.push(event);
  expect(seen).toEqual(["a", "sent", "b"]);
});

test.each([
  ["a line", ["data: ", ...Array.from({ length: 70 }, () => "x".repeat(1_000))]],
  ["many lines", ["data: x\n".repeat(10_000)]],
  ["lines without data", ["event: x\n".repeat(10_000)]],
])("an event of %s without an end is refused", async (_, parts) => {
  await expect(read(...parts)).rejects.toThrow("more than 65536 characters");
});

test("a stream may have any number of events", async () => {
  expect(await read("data: 0123456789\n\n".repeat(20_000))).toHaveLength(20_000);
});

test("bytes that are not UTF-8 are refused", async () => {
  await expect(read("data: ", Buffer.of(0xc3, 0x28))).rejects.toThrow(TypeError);
});

test("comments that keep the connection open are no part of an event", async () => {
  expect(await read(": busy\n\n".repeat(20_000), "data: a\n\n")).toEqual(["a"]);
});
