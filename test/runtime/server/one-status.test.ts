import { describe, expect, test } from "vitest";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { drivers } from "../support/drivers.ts";
import { startEcho } from "../support/echo.ts";
import { countFrames, rawCall } from "../support/raw-call.ts";
import { type Misbehaviour, misbehaviours, secret, untyped } from "./misbehaviours.ts";

const methods = ["Unary", "ServerStream", "ClientStream", "Bidi"] as const;

function handlersDoing(act: Misbehaviour["act"], when: "first" | "last"): EchoHandlers {
  return {
    unary: async (_request, context) => {
      act(context);
      return {};
    },
    serverStream: async function* (_request, context) {
      if (when === "first") act(context);
      yield {};
      if (when === "last") act(context);
    },
    clientStream: async (requests, context) => {
      if (when === "first") act(context);
      for await (const _request of requests);
      if (when === "last") act(context);
      return {};
    },
    bidi: async function* (requests, context) {
      if (when === "first") act(context);
      for await (const _request of requests) yield {};
      if (when === "last") act(context);
    },
  };
}

/** Iterators that keep to no protocol, and the status and messages that come of them. */
const iterators: Record<string, [make: () => unknown, status: string, messages: number]> = {
  "goes on after its end": [
    () => {
      let step = 0;
      return {
        next: () => {
          step += 1;
          return { done: step === 2, value: {} };
        },
      };
    },
    "0",
    1,
  ],
  "has a value with its end": [() => ({ next: () => ({ done: true, value: {} }) }), "0", 0],
  "answers nothing": [() => ({ next: () => undefined }), "13", 0],
  "answers a text": [() => ({ next: async () => secret }), "13", 0],
  "is none": [() => undefined, "13", 0],
  "has no next": [() => ({}), "13", 0],
  "throws when it is closed": [
    () => ({
      next: () => ({ done: false, value: undefined }),
      return: () => {
        throw new Error(secret);
      },
    }),
    "13",
    0,
  ],
  "rejects when it is closed": [
    () => ({
      next: async () => ({ done: false, value: undefined }),
      return: () => Promise.reject(secret),
    }),
    "13",
    0,
  ],
};

/** As HTTP/2 counts header lists: RFC 9113, 6.5.2. */
function sizeOf(block: Record<string, unknown>): number {
  let size = 0;
  for (const [key, value] of Object.entries(block)) {
    if (!key.startsWith(":")) size += key.length + String(value).length + 32;
  }
  return size;
}

describe.each(drivers)("$name", (driver) => {
  describe.each(Object.entries(misbehaviours))("a handler that %s", (_what, misbehaviour) => {
    const { act, status, text } = misbehaviour;

    test.each(["first", "last"] as const)("%s thing it does", async (when) => {
      const { port } = await startEcho({ handlers: handlersDoing(act, when) }, driver);
      for (const method of methods) {
        const call = rawCall(port, `/runtime.test.Echo/${method}`);
        call.send(Buffer.alloc(0));
        call.end();
        const { headers, trailers, statuses } = await call.outcome;
        expect(statuses, method).toHaveLength(1);
        expect(statuses[0], method).toBe(String(status));
        const message = decodeURIComponent(String(trailers["grpc-message"] ?? ""));
        if (typeof text === "string") expect(message).toBe(text);
        else expect(message).toMatch(text);
        expect(Buffer.from(message).toString()).toBe(message);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1024);
        // Of this the text has 3 KiB at worst, and HTTP/2 and gRPC a few headers.
        expect(sizeOf(headers)).toBeLessThan(12_000);
        expect(sizeOf(trailers)).toBeLessThan(12_000);
        if (status === 13) expect(JSON.stringify([headers, trailers])).not.toContain(secret);
      }
    });
  });

  describe.each(Object.entries(iterators))(
    "an iterator that %s",
    (_what, [make, status, count]) => {
      test.each(["ServerStream", "Bidi"])("%s", async (method) => {
        const answer = () => untyped<AsyncIterable<object>>({ [Symbol.asyncIterator]: make });
        const { port } = await startEcho(
          { handlers: { serverStream: answer, bidi: answer } },
          driver,
        );
        const call = rawCall(port, `/runtime.test.Echo/${method}`);
        call.send(Buffer.alloc(0));
        call.end();
        const { statuses, body, trailers } = await call.outcome;
        expect(statuses).toEqual([status]);
        expect(countFrames(body)).toBe(count);
        expect(JSON.stringify(trailers)).not.toContain(secret);
      });
    },
  );
});
