import { once } from "node:events";
import { connect, createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { pingWhenClosed } from "../../../runtime/src/grpc-js-internals/ping-when-closed.ts";
import { cleanUp } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import { startNativeServer } from "./native-server.ts";

const keepalive = { "grpc.keepalive_time_ms": 20 };

/** The session of a server with one open stream, after the server has called `close()`. */
async function closedSession(): Promise<ServerHttp2Session> {
  const server = createServer().listen(0, "127.0.0.1");
  cleanUp(() => void server.close());
  await once(server, "listening");
  // A TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const client = connect(`http://127.0.0.1:${port}`);
  cleanUp(() => client.destroy());
  const opened = once(server, "stream");
  client.request({}, { endStream: false }).on("error", () => {});
  const [stream] = await opened;
  stream.on("error", () => {});
  stream.session.close();
  return stream.session;
}

describe("a session that is closed, with a stream still open", () => {
  test("canary: sends no ping by itself", async () => {
    const session = await closedSession();
    expect(session.ping(() => {})).toBeUndefined();
  });

  test("sends pings, and gets their answers", async () => {
    const session = await closedSession();
    pingWhenClosed(session);
    const answered = new Promise((resolve) => {
      expect(session.ping(Buffer.from("8 bytes!"), (...answer) => resolve(answer))).toBe(true);
    });
    expect(await answered).toEqual([null, expect.any(Number), Buffer.from("8 bytes!")]);
    expect(session.closed).toBe(true);
  });

  test("stays closed when the ping is refused", async () => {
    const session = await closedSession();
    pingWhenClosed(session);
    expect(() => session.ping(Buffer.from("short"), () => {})).toThrow(RangeError);
    expect(session.closed).toBe(true);
  });
});

test("canary: grpc-js destroys a closed session at the next keepalive ping", async () => {
  const { server, port } = await startNativeServer({ upload: () => {} }, keepalive);
  const { session, outcome } = rawCall(port, "/native/Upload");
  await once(session, "ping");
  server.tryShutdown(() => {});
  expect((await outcome).statuses).toEqual([]);
});
