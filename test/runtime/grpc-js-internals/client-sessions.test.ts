import { once } from "node:events";
import { createServer, type ServerHttp2Session } from "node:http2";
import { expect, test } from "vitest";
import { createChannel } from "../../../runtime/src/client/index.ts";
import { correctConnections } from "../../../runtime/src/grpc-js-internals/client-sessions.ts";
import { cleanUp } from "../support/echo.ts";
import { startChannelCall } from "./channel-call.ts";

/** Sends GOAWAY when the second call begins, and ends the calls 300 ms later. */
async function startDrainingServer() {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  let begun = 0;
  server.on("session", (session) => {
    sessions.push(session);
    cleanUp(() => session.destroy());
  });
  server.on("stream", (stream) => {
    begun += 1;
    if (begun === 2) stream.session?.close();
    stream.on("error", () => {});
    setTimeout(() => {
      if (stream.destroyed) return;
      stream.respond(
        { ":status": 200, "content-type": "application/grpc", "grpc-status": "0" },
        { endStream: true },
      );
    }, 300);
  });
  cleanUp(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return { port: address.port, sessions };
}

const pings = { "grpc.keepalive_time_ms": 50, "grpc.keepalive_timeout_ms": 10_000 };

test("canary: two channels that share a connection keep it while its server drains", async () => {
  const { port, sessions } = await startDrainingServer();
  const calls = [1, 2].map(() => {
    const channel = createChannel(`127.0.0.1:${port}`, { channelOptions: pings });
    cleanUp(() => channel.close());
    return startChannelCall(channel).status;
  });
  expect((await Promise.all(calls)).map(({ code }) => code)).toEqual([0, 0]);
  expect(sessions).toHaveLength(1);
});

test.each([
  {},
  { internalChannel: null },
  { internalChannel: { subchannelPool: { getOrCreateSubchannel: 1 } } },
])("fall-back: nothing happens when the channel is %j", (channel) => {
  expect(() => correctConnections(channel)).not.toThrow();
});

test.each([{}, { connector: {} }, { connector: { connect: () => undefined } }])(
  "fall-back: nothing happens when the subchannel is %j",
  (subchannel) => {
    const pool = { getOrCreateSubchannel: () => subchannel };
    correctConnections({ internalChannel: { subchannelPool: pool } });
    expect(pool.getOrCreateSubchannel()).toBe(subchannel);
  },
);
