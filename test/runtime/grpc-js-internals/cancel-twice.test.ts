import { connectivityState, Metadata, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { cancelCall, cancelTwice } from "../../../runtime/src/grpc-js-internals/cancel-twice.ts";
import { settled, until } from "../support/echo.ts";
import { type ChannelCall, openChannel, startChannelCall } from "./channel-call.ts";
import { startNativeServer } from "./native-server.ts";

/** A server whose handlers never respond, and a channel that is connected to it. */
async function start() {
  let arrived = 0;
  let cancelled = 0;
  const { port } = await startNativeServer({
    upload: (call) => {
      arrived += 1;
      call.on("cancelled", () => {
        cancelled += 1;
      });
    },
  });
  const channel = openChannel(port);
  await until(() => channel.getConnectivityState(true) === connectivityState.READY);
  const startCall = (): ChannelCall => {
    const call = channel.createCall("/native/Upload", Number.POSITIVE_INFINITY, null, null, null);
    call.start(new Metadata(), {
      onReceiveMetadata() {},
      onReceiveMessage() {},
      onReceiveStatus() {},
    });
    return call;
  };
  return { channel, startCall, arrived: () => arrived, cancelled: () => cancelled };
}

test("canary: grpc-js opens a call that was cancelled as it started, and leaves it open", async () => {
  const { startCall, arrived, cancelled } = await start();
  cancelCall(startCall());
  await until(() => arrived() === 1);
  expect(await settled(cancelled)).toBe(0);
});

test("cancelled twice, no such call stays open", async () => {
  const { startCall, arrived, cancelled } = await start();
  for (let count = 0; count < 5; count += 1) cancelTwice(startCall());
  await settled(arrived);
  await until(() => cancelled() === arrived());
});

test("fall-back: where the first cancellation is enough, the second does nothing", async () => {
  const { port } = await startNativeServer({ unary: () => {} });
  const { call, status: ended, statuses } = startChannelCall(openChannel(port));
  await new Promise((resolve) => setTimeout(resolve, 50));
  cancelTwice(call);
  expect(await ended).toMatchObject({ code: status.CANCELLED });
  expect(await settled(statuses)).toBe(1);
});
