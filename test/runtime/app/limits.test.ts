import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectSocket, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { HealthClient } from "../../../runtime/src/health/client.ts";
import { cleanUp } from "../support/echo.ts";
import { kinds } from "./support/kinds.ts";
import { type EchoApp, startApp } from "./support/start-app.ts";

/** The HTTP/2 preface of a client, and empty settings. */
const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

/** A connection that does what no gRPC client does. */
function rawConnection({ address }: EchoApp): Socket {
  const [host = "", port] = address.split(":");
  const socket = connectSocket({ host, port: Number(port) });
  cleanUp(() => void socket.destroy());
  socket.on("error", () => {}); // being cut off may cause one
  socket.resume();
  return socket;
}

function http2Session({ address }: EchoApp): ClientHttp2Session {
  const session = connectHttp2(`http://${address}`);
  cleanUp(() => session.destroy());
  return session;
}

/** Other connections are not affected. */
async function expectServing(app: EchoApp): Promise<void> {
  await expect(app.client(HealthClient).check({})).resolves.toBeDefined();
}

describe.each(kinds)("$name", ({ create }) => {
  test.each([
    ["sends nothing", Buffer.alloc(0)],
    ["stops in the middle of the preface", preface.subarray(0, 10)],
  ])("closes a connection that %s", async (_what, bytes) => {
    const app = await startApp(create, { variables: { PREFACE_TIMEOUT_MS: "500" } });
    await expectServing(app);
    const began = performance.now();
    const silent = rawConnection(app);
    silent.write(bytes);
    await once(silent, "close");
    expect(performance.now() - began).toBeLessThan(5000);
    await expectServing(app);
  });

  test("closes a connection that does not answer the keepalive ping", async () => {
    const variables = { KEEPALIVE_TIME_MS: "100", KEEPALIVE_TIMEOUT_MS: "100" };
    const app = await startApp(create, { variables });
    const frozen = rawConnection(app);
    frozen.write(preface); // then it answers no ping
    await once(frozen, "close");
    await expectServing(app);
  });

  test("announces twice the calls that run at a time, and the bytes that may be unread", async () => {
    const variables = { MAX_CONCURRENT_STREAMS: "7000", FLOW_CONTROL_WINDOW_BYTES: "123456" };
    const session = http2Session(await startApp(create, { variables }));
    const [settings] = await once(session, "remoteSettings");
    expect(settings).toMatchObject({ maxConcurrentStreams: 14_000, initialWindowSize: 123_456 });
  });

  test("closes a connection that has reached its maximum age", async () => {
    const app = await startApp(create, { variables: { MAX_CONNECTION_AGE_MS: "100" } });
    await once(http2Session(app), "goaway");
    await expectServing(app);
  });

  test("refuses messages that are too large", async () => {
    const app = await startApp(create, { variables: { MAX_RECEIVE_MESSAGE_BYTES: "1000" } });
    const large = app.client(HealthClient).check({ service: "x".repeat(1001) });
    await expect(large).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
    await expectServing(app);
  });
});
