import { describe, expect, test } from "vitest";
import { RequestFrames } from "../../../runtime/src/server/request-frames.ts";
import { frame } from "../support/raw-call.ts";

const unlimited = -1;
const messages = [Buffer.alloc(0), Buffer.from([1]), Buffer.alloc(300, 2), Buffer.alloc(0)];
const bytes = Buffer.concat(messages.map(frame));

function takeAll(frames: RequestFrames): Buffer[] {
  const taken: Buffer[] = [];
  for (let message = frames.take(); message !== undefined; message = frames.take()) {
    taken.push(message);
  }
  return taken;
}

describe("messages in pieces", () => {
  test("split anywhere in two", () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const frames = new RequestFrames(unlimited);
      frames.add(bytes.subarray(0, at));
      const taken = takeAll(frames);
      frames.add(bytes.subarray(at));
      expect([...taken, ...takeAll(frames)]).toEqual(messages);
      expect(frames.size).toBe(0);
    }
  });

  test.each([1, 2, 4, 7, 64])("of %d bytes each", (size) => {
    const frames = new RequestFrames(unlimited);
    const taken: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      frames.add(bytes.subarray(at, at + size));
      taken.push(...takeAll(frames));
    }
    expect(taken).toEqual(messages);
  });

  test("all of them are received before the first is taken", () => {
    const frames = new RequestFrames(unlimited);
    for (let at = 0; at < bytes.length; at += 3) frames.add(bytes.subarray(at, at + 3));
    expect(frames.size).toBe(bytes.length);
    expect(takeAll(frames)).toEqual(messages);
  });

  test("keep their order, however many arrive while one is taken", () => {
    for (let ahead = 1; ahead <= 4; ahead += 1) {
      for (const size of [6, 7, 12]) {
        const frames = new RequestFrames(unlimited);
        const numbered = Buffer.concat(
          Array.from({ length: 40 }, (_, number) => frame(Buffer.of(number))),
        );
        const taken: (number | undefined)[] = [];
        for (let at = 0, packets = 1; at < numbered.length; at += size, packets += 1) {
          frames.add(numbered.subarray(at, at + size));
          if (packets > ahead) taken.push(frames.take()?.[0]);
        }
        taken.push(...takeAll(frames).map(([number]) => number));
        expect(taken.filter((number) => number !== undefined)).toEqual([...Array(40).keys()]);
      }
    }
  });

  test("an incomplete message is awaited, and counts in `size`", () => {
    const frames = new RequestFrames(unlimited);
    frames.add(bytes.subarray(0, -1));
    expect(takeAll(frames)).toEqual(messages.slice(0, -1));
    expect(frames.size).toBe(4);
    frames.clear();
    expect(frames.size).toBe(0);
  });
});

describe("messages that are refused", () => {
  test("too large ones, before they have arrived", () => {
    const frames = new RequestFrames(300);
    frames.add(frame(Buffer.alloc(300)));
    expect(frames.take()).toHaveLength(300);
    frames.add(frame(Buffer.alloc(301)).subarray(0, 5));
    expect(() => frames.take()).toThrow(expect.objectContaining({ code: "RESOURCE_EXHAUSTED" }));
  });

  test("those of 2 GiB and more, whatever the limit is", () => {
    const frames = new RequestFrames(unlimited);
    frames.add(Buffer.from([0, 0x80, 0, 0, 0]));
    expect(() => frames.take()).toThrow("2147483648");
  });

  test("compressed ones", () => {
    const frames = new RequestFrames(unlimited);
    frames.add(Buffer.from([1, 0, 0, 0, 0]));
    expect(() => frames.take()).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});
