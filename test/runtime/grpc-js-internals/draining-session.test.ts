import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer } from "node:http2";
import { expect, test } from "vitest";
import { keepWhileDraining } from "../../../runtime/src/grpc-js-internals/draining-session.ts";
import { cleanUp } from "../support/echo.ts";

/** A session with an open stream, so that it does not end when it is closed. */
async function openSession(): Promise<ClientHttp2Session> {
  const server = createServer();
  server.on("session", (session) => cleanUp(() => session.destroy()));
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    stream.respond();
  });
  cleanUp(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  const session = connect(`http://127.0.0.1:${address.port}`);
  cleanUp(() => session.destroy());
  await once(
    session.request().on("error", () => {}),
    "response",
  );
  return session;
}

interface Ping {
  readonly sent: boolean;
  readonly failed: boolean;
  readonly payload: string;
}

function ping(session: ClientHttp2Session): Promise<Ping> {
  return new Promise((resolve) => {
    const sent = session.ping(Buffer.from("12345678"), (error, _durationMs, payload) => {
      setImmediate(() => resolve({ sent, failed: error !== null, payload: String(payload ?? "") }));
    });
  });
}

test("canary: Node fails the ping of a session that is closing", async () => {
  const session = await openSession();
  session.close();
  expect(await ping(session)).toMatchObject({ sent: undefined, failed: true });
});

test("a ping of a session that is closing succeeds", async () => {
  const session = await openSession();
  keepWhileDraining(session);
  session.close();
  expect(await ping(session)).toMatchObject({ sent: true, failed: false });
});

test("a ping of an open session is sent", async () => {
  const session = await openSession();
  keepWhileDraining(session);
  expect(await ping(session)).toEqual({ sent: true, failed: false, payload: "12345678" });
});

test("fall-back: a ping of a session that is gone fails as before", async () => {
  const session = await openSession();
  keepWhileDraining(session);
  session.destroy();
  expect(() => session.ping(() => {})).toThrow("The session has been destroyed");
});
