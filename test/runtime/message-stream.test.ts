import { create, type Message } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { MessageStream } from "../../runtime/src/message-stream.ts";
import { type EchoReply, EchoReplySchema } from "./gen/echo_pb.ts";

const message = (number: number): EchoReply => create(EchoReplySchema, { number });
const done = { done: true, value: undefined };
const broken = new Error("broken");

/** A source that holds messages until they are taken. */
function start(...held: Message[]) {
  let cancelled = 0;
  const stream = new MessageStream({
    takeMessage: () => held.shift(),
    cancel: () => {
      cancelled += 1;
    },
  });
  const arrive = (arrived: Message): void => {
    held.push(arrived);
    stream.arrived();
  };
  return { stream, held, arrive, cancelled: () => cancelled };
}

const value = (number: number) => ({ done: false, value: message(number) });

describe("messages", () => {
  test("are taken one by one, each when it is requested", async () => {
    const { stream, held, arrive } = start(message(1), message(2));
    expect(await stream.next()).toEqual(value(1));
    expect(held).toHaveLength(1);
    expect(await stream.next()).toEqual(value(2));
    const third = stream.next();
    arrive(message(3));
    expect(await third).toEqual(value(3));
    arrive(message(4));
    expect(held).toHaveLength(1);
  });

  test("go in order to those who ask before they arrive", async () => {
    const { stream, arrive } = start();
    const asked = [stream.next(), stream.next(), stream.next(), stream.next()];
    arrive(message(1));
    arrive(message(2));
    arrive(message(3));
    stream.close();
    expect(await Promise.all(asked)).toEqual([value(1), value(2), value(3), done]);
  });

  test("that have arrived come before the end", async () => {
    const { stream } = start(message(1));
    stream.close();
    expect(await stream.next()).toEqual(value(1));
    expect(await stream.next()).toEqual(done);
    expect(await stream.next()).toEqual(done);
  });
});

describe("failures", () => {
  test("come once, after the messages that have arrived", async () => {
    const { stream } = start(message(1));
    stream.fail(broken);
    expect(await stream.next()).toEqual(value(1));
    await expect(stream.next()).rejects.toBe(broken);
    expect(await stream.next()).toEqual(done);
  });

  test("reject the pending `next`; those queued behind it return done", async () => {
    const { stream } = start();
    const [first, second] = [stream.next(), stream.next()];
    stream.fail(broken);
    await expect(first).rejects.toBe(broken);
    expect(await second).toEqual(done);
  });

  test("that abort drop what has arrived", async () => {
    const { stream, held } = start(message(1));
    stream.abort(broken);
    await expect(stream.next()).rejects.toBe(broken);
    expect(await stream.next()).toEqual(done);
    expect(held).toHaveLength(1);
  });

  test("of taking a message reject the `next` that takes it", async () => {
    const stream: MessageStream = new MessageStream({
      takeMessage: () => {
        stream.abort(broken);
        return undefined;
      },
      cancel: () => {},
    });
    await expect(stream.next()).rejects.toBe(broken);
  });

  test("after the end are ignored", async () => {
    const { stream } = start();
    stream.close();
    stream.fail(broken);
    expect(await stream.next()).toEqual(done);
  });
});

describe("stopping early", () => {
  test("cancels the source once, and no message follows", async () => {
    const { stream, cancelled } = start(message(1), message(2));
    for await (const first of stream) {
      expect(first).toEqual(message(1));
      break;
    }
    expect(cancelled()).toBe(1);
    expect(await stream.return()).toEqual(done);
    expect(await stream.next()).toEqual(done);
    expect(cancelled()).toBe(1);
  });

  test("after the end does not cancel the source", async () => {
    const { stream, cancelled } = start();
    stream.close();
    await stream.return();
    expect(cancelled()).toBe(0);
  });

  test("ends a pending next()", async () => {
    const { stream } = start();
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual(done);
  });
});
