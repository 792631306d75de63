import { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { ResponseStream } from "../../../runtime/src/server/response-stream.ts";
import { SendBudget } from "../../../runtime/src/server/send-budget.ts";
import { frame } from "../support/raw-call.ts";

/** A stream that keeps what is written, and takes it when `take` is called. */
function slowStream() {
  const writes: Buffer[] = [];
  let taken: (() => void) | undefined;
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, callback) {
      writes.push(chunk);
      taken = callback;
    },
  });
  const take = () => {
    const callback = taken;
    taken = undefined;
    callback?.();
  };
  return { stream, writes, take };
}

function message(size: number, fill: number): Buffer {
  return Buffer.alloc(size, fill);
}

const afterPromises = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("responses", () => {
  test("that are sent in one go are one write", async () => {
    const { stream, writes } = slowStream();
    const responses = new ResponseStream(stream, new SendBudget());
    const messages = [1, 2, 3, 4, 5].map((fill) => message(fill * 10, fill));
    for (const each of messages) {
      // As a handler does that yields without waiting for anything.
      await Promise.resolve();
      responses.send(each);
    }
    expect(writes).toEqual([]);
    await afterPromises();
    expect(writes).toEqual([Buffer.concat(messages.map(frame))]);
  });

  test("keep their order with large and compressed ones, which are writes of their own", async () => {
    const { stream, writes, take } = slowStream();
    const responses = new ResponseStream(stream, new SendBudget());
    const compressed = frame(message(20, 3));
    compressed.writeUInt8(1, 0);
    responses.send(message(10, 1));
    responses.send(message(100_000, 2));
    responses.send(message(20, 3), true);
    responses.send(message(30, 4));
    let closed = false;
    responses.close(() => {
      closed = true;
    });
    for (let turn = 0; turn < 10; turn += 1) {
      await afterPromises();
      take();
    }
    expect(closed).toBe(true);
    expect(Buffer.concat(writes)).toEqual(
      Buffer.concat([
        frame(message(10, 1)),
        frame(message(100_000, 2)),
        compressed,
        frame(message(30, 4)),
      ]),
    );
  });

  test("of more than 64 KiB together are several writes", async () => {
    const { stream, writes, take } = slowStream();
    const responses = new ResponseStream(stream, new SendBudget());
    for (let fill = 0; fill < 7; fill += 1) responses.send(message(20_000, fill));
    for (let turn = 0; turn < 5; turn += 1) {
      await afterPromises();
      take();
    }
    expect(writes.map(({ length }) => length)).toEqual([60_015, 60_015, 20_005]);
  });

  test("are written before the stream ends", () => {
    const { stream, writes } = slowStream();
    const responses = new ResponseStream(stream, new SendBudget());
    responses.send(message(10, 1));
    let writesAtEnd: number | undefined;
    responses.close(() => {
      writesAtEnd = writes.length;
    });
    expect(writesAtEnd).toBe(1);
  });

  test("that were not written are dropped when the call is over, and count no more", async () => {
    const { stream, writes } = slowStream();
    const budget = new SendBudget();
    const responses = new ResponseStream(stream, budget);
    for (let sent = 0; sent < 20; sent += 1) responses.send(message(60_000, 1));
    expect(budget.hasRoom).toBe(false);
    const before = writes.length;
    responses.stop();
    expect(budget.hasRoom).toBe(true);
    await afterPromises();
    expect(writes).toHaveLength(before);
  });
});
