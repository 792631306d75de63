import type { ChannelInterface } from "@grpc/grpc-js";
import { status as statusNumbers } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { clientStreamOf } from "../../../runtime/src/grpc-js-internals/client-stream.ts";
import { HeldStatus } from "../../../runtime/src/grpc-js-internals/held-status.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { patience, raise } from "../support/echo.ts";
import { frame } from "../support/raw-call.ts";
import { openChannel, startChannelCall } from "./channel-call.ts";
import { startHttp2Server } from "./http2-response.ts";

const count = 20;
const failed = {
  body: Buffer.concat(Array.from({ length: count }, () => frame(Buffer.alloc(0)))),
  trailers: { "grpc-status": "9", "grpc-message": "not%20now", "x-trailer": "t" },
};

describe("canary: grpc-js reads trailers after a listener of ours", () => {
  test("so that the status of a failure follows all responses", async () => {
    const { port } = await startHttp2Server(failed);
    let held: HeldStatus | undefined;
    let arrived = 0;
    const { messages, status } = startChannelCall(openChannel(port), {
      pauseMs: 1,
      onMetadata: (call) => {
        held = new HeldStatus(call, clientStreamOf(call) ?? raise("no stream"), () => {
          arrived += 1;
        });
      },
    });
    const received = await status;
    expect(messages).toHaveLength(count);
    expect(arrived).toBe(1);
    expect(received.code).toBe(statusNumbers.OK);
    const restored = held?.restore(received);
    expect(restored).toMatchObject({ code: 9, details: "not now" });
    expect(restored?.metadata.get("x-trailer")).toEqual(["t"]);
  });

  // The reason for all of it: if this fails, grpc-js may not need the correction any more.
  test("while grpc-js itself drops responses that were not read", async () => {
    const { port } = await startHttp2Server(failed);
    const { messages, status } = startChannelCall(openChannel(port), { pauseMs: 5 });
    expect(await status).toMatchObject({ code: 9, details: "not now" });
    expect(messages.length).toBeLessThan(count);
  });
});

describe("fall-back when the stream is not found", () => {
  test("calls of a client end as grpc-js ends them", async () => {
    const { port } = await startHttp2Server(failed);
    const client = new EchoClient(hidingPrivateFields(openChannel(port)), patience);
    const responses = client.serverStream({});
    await expect(async () => {
      for await (const _ of responses);
    }).rejects.toMatchObject({ code: "FAILED_PRECONDITION", rawMessage: "not now" });
  });
});

/** A channel whose calls have the methods of grpc-js' calls, but none of their private fields. */
function hidingPrivateFields(channel: ChannelInterface): ChannelInterface {
  const hidden = <T extends object>(target: T, overrides: Partial<T> = {}): T =>
    new Proxy(target, {
      get(_target, key) {
        const value: unknown = Reflect.get(key in overrides ? overrides : target, key);
        return typeof value === "function" ? value.bind(target) : undefined;
      },
    });
  return hidden(channel, {
    createCall: (...parameters) => hidden(channel.createCall(...parameters)),
  });
}
