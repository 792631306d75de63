import { expect, test } from "vitest";
import {
  type ClientStream,
  clientStreamOf,
} from "../../../runtime/src/grpc-js-internals/client-stream.ts";
import { frame } from "../support/raw-call.ts";
import { openChannel, startChannelCall } from "./channel-call.ts";
import { startHttp2Server } from "./http2-response.ts";

test("canary: grpc-js' layers lead to the HTTP/2 stream of a call", async () => {
  const { port, streams } = await startHttp2Server({
    body: frame(Buffer.from("message")),
    trailers: { "grpc-status": "0" },
  });
  let found: ClientStream | undefined;
  const { status } = startChannelCall(openChannel(port), {
    onMetadata: (call) => {
      found = clientStreamOf(call);
    },
  });
  await status;
  expect(found?.stream.id).toBe(streams[0]?.id);
  expect(found?.innermost).toHaveProperty("decoder");
});

test("fall-back: undefined before the headers have arrived", async () => {
  const { port } = await startHttp2Server({
    body: Buffer.alloc(0),
    trailers: { "grpc-status": "0" },
  });
  const { call, status } = startChannelCall(openChannel(port));
  expect(clientStreamOf(call)).toBeUndefined();
  await status;
});

test.each([
  {},
  { child: null },
  { child: { underlyingCalls: [] } },
  { child: { underlyingCalls: [{ call: {} }], committedCallIndex: null } },
  { child: { underlyingCalls: [{ call: {} }], committedCallIndex: 0 } },
  { child: { underlyingCalls: [{ call: { child: { http2Stream: {} } } }], committedCallIndex: 0 } },
])("fall-back: undefined when the call is %j", (call) => {
  expect(clientStreamOf(call)).toBeUndefined();
});
