import { describe, expect, test } from "vitest";
import { clientStreamOf } from "../../../runtime/src/grpc-js-internals/client-stream.ts";
import {
  type ResponseBytes,
  takeResponseBytes,
} from "../../../runtime/src/grpc-js-internals/response-bytes.ts";
import { raise } from "../support/echo.ts";
import { frame } from "../support/raw-call.ts";
import { type ChannelCall, openChannel, startChannelCall } from "./channel-call.ts";
import { startHttp2Server } from "./http2-response.ts";

const body = Buffer.concat(["one", "two", "three"].map((text) => frame(Buffer.from(text))));
const answer = { body, trailers: { "grpc-status": "0" } };

function take(call: ChannelCall, onBytes: (bytes: Buffer) => void): ResponseBytes {
  const found = clientStreamOf(call) ?? raise("no stream");
  return takeResponseBytes(found, onBytes) ?? raise("responses cannot be taken");
}

describe("canary: the responses of a call of grpc-js can be taken", () => {
  test("as the bytes that have arrived, and the status follows", async () => {
    const { port } = await startHttp2Server(answer);
    const received: Buffer[] = [];
    let limit: number | undefined;
    const { messages, status } = startChannelCall(openChannel(port), {
      onMetadata: (call) => {
        limit = take(call, (bytes) => received.push(bytes)).maxMessageBytes;
      },
    });
    expect(await status).toMatchObject({ code: 0 });
    expect(Buffer.concat(received)).toEqual(body);
    expect(messages).toEqual([]);
    expect(limit).toBe(4 * 1024 * 1024);
  });

  test("while they are paused, the status waits", async () => {
    const { port } = await startHttp2Server(answer);
    let taken: ResponseBytes | undefined;
    let statusesBefore: number | undefined;
    const { status, statuses } = startChannelCall(openChannel(port), {
      onMetadata: (call) => {
        const { stream } = clientStreamOf(call) ?? raise("no stream");
        taken = take(call, () => taken?.pause());
        stream.on("close", () => {
          statusesBefore = statuses();
          taken?.resume();
        });
      },
    });
    expect(await status).toMatchObject({ code: 0 });
    expect(statusesBefore).toBe(0);
  });

  test("and given back", async () => {
    const { port } = await startHttp2Server(answer);
    const { messages, status } = startChannelCall(openChannel(port), {
      onMetadata: (call) => {
        const taken = take(call, (bytes) => taken.giveBack(bytes));
      },
    });
    expect(await status).toMatchObject({ code: 0 });
    expect(messages.map(String)).toEqual(["one", "two", "three"]);
  });
});

test.each([
  {},
  { decoder: { write() {}, maxReadMessageLength: 1, readState: 0 } },
  { decoder: { write() {}, maxReadMessageLength: 1, readState: 2 }, isPushPending: false },
])("fall-back: undefined when the call is %j", async (innermost) => {
  const { port } = await startHttp2Server(answer);
  const { status } = startChannelCall(openChannel(port), {
    onMetadata: (call) => {
      const { stream } = clientStreamOf(call) ?? raise("no stream");
      expect(takeResponseBytes({ innermost, stream }, () => {})).toBeUndefined();
    },
  });
  await status;
});
