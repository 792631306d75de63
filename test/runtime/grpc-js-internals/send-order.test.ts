import { setTimeout as wait } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { sendsInOrder } from "../../../runtime/src/grpc-js-internals/send-order.ts";
import { drivers } from "../support/drivers.ts";
import { collect, raise, startEcho } from "../support/echo.ts";
import { countFrames, rawCall } from "../support/raw-call.ts";
import { startNativeServer } from "./native-server.ts";

type NativeCall = grpc.ServerInterceptingCallInterface;

const silent = { upload: () => {} };

/** Responds with three messages and a status, without waiting for any callback. */
function respondAtOnce(call: NativeCall): void {
  call.sendMetadata(new grpc.Metadata());
  for (let count = 0; count < 3; count += 1) call.sendMessage(Buffer.alloc(10), () => {});
  call.sendStatus({ code: 0, details: "", metadata: null });
}

/** A native interceptor that responds itself, to whatever call is below it. */
function responder(seen: NativeCall[]): grpc.ServerInterceptor {
  return (_method, below) => {
    seen.push(below);
    return new grpc.ServerInterceptingCall(below, {
      start: (next) => {
        next({});
        respondAtOnce(below);
      },
    });
  };
}

/** A native interceptor that passes messages on in a later turn of the event loop. */
const slow: grpc.ServerInterceptor = (_method, below) =>
  new grpc.ServerInterceptingCall(below, {
    sendMessage: (message, next) => setImmediate(next, message),
  });

describe("canary", () => {
  test("grpc-js' innermost call sends messages and status in order", async () => {
    const seen: NativeCall[] = [];
    const { port } = await startNativeServer(silent, { interceptors: [responder(seen)] });
    const call = rawCall(port, "/native/Upload");
    call.end();
    const { body, statuses } = await call.outcome;
    expect(seen.map(sendsInOrder)).toEqual([true]);
    expect(countFrames(body)).toBe(3);
    expect(statuses).toEqual(["0"]);
  });

  // The reason to wait: if this fails, grpc-js' interceptors may have learned to queue.
  test("a native interceptor loses messages or the status", async () => {
    const seen: NativeCall[] = [];
    const { port } = await startNativeServer(silent, { interceptors: [slow, responder(seen)] });
    const call = rawCall(port, "/native/Upload");
    call.end();
    await call.headers;
    const ended = await Promise.race([call.outcome, wait(200, undefined)]);
    expect(seen.map(sendsInOrder)).toEqual([false]);
    expect(ended === undefined || countFrames(ended.body) < 3).toBe(true);
  });
});

test("fall-back: behind a native interceptor, the runtime waits and nothing is lost", async () => {
  const behind = drivers.find(({ name }) => name.includes("behind a native interceptor"));
  const { client } = await startEcho(
    {
      handlers: {
        unary: async () => ({ number: 1 }),
        serverStream: async function* () {
          for (let number = 0; number < 50; number += 1) yield { number };
        },
      },
    },
    behind ?? raise("there is no such driver"),
  );
  expect(await client.unary({})).toMatchObject({ number: 1 });
  expect(await collect(client.serverStream({}))).toHaveLength(50);
});
