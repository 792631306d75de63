import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from "node:http2";
import { describe, expect, test } from "vitest";
import type { ServerLimits } from "../../../runtime/src/index.ts";
import type { Abuse } from "../../../runtime/src/server/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { cleanUp, connect as connectClient, until } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";
import { frame } from "../support/raw-call.ts";
import { openSession, startCall } from "./http2-calls.ts";

const megabyte = 1024 * 1024;
const large: Partial<EchoHandlers> = {
  unary: async ({ text }) => ({ data: new Uint8Array(text === "small" ? 1 : megabyte) }),
  serverStream: async function* () {
    for (;;) yield { data: new Uint8Array(16 * 1024) };
  },
};

/** A connection whose calls may receive `windowBytes` until they ask for more. */
const openWindow = (port: number, windowBytes: number) =>
  openSession(port, { settings: { initialWindowSize: windowBytes } });

/** A call whose answers are not read. */
function ask(session: ClientHttp2Session, method: string): ClientHttp2Stream {
  const stream = startCall(session, method);
  stream.end(frame(Buffer.alloc(0)));
  return stream;
}

function codeOf(stream: ClientHttp2Stream): Promise<number> {
  return new Promise((resolve) => stream.once("close", () => resolve(stream.rstCode ?? -1)));
}

describe.each([own, plain])("$name", { timeout: 60_000 }, (kind) => {
  async function start(limits: Partial<ServerLimits>) {
    const abuses: Abuse[] = [];
    const port = await kind.listen(large, limits, undefined, (abuse) => abuses.push(abuse));
    return { port, abuses };
  }

  test.each(["Unary", "ServerStream"])(
    "%s: a caller that takes nothing loses its call",
    async (method) => {
      const { port, abuses } = await start({ sendTimeoutMs: 400 });
      const session = await openWindow(port, 0);
      const codes = [ask(session, method), ask(session, method)].map(codeOf);
      expect(await Promise.all(codes)).toEqual(Array(2).fill(constants.NGHTTP2_ENHANCE_YOUR_CALM));
      expect(abuses).toEqual([
        {
          peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          cause: "the peer does not take the answers it has asked for",
        },
      ]);
      const client = connectClient(`127.0.0.1:${port}`);
      expect((await client.unary({ text: "small" })).data).toHaveLength(1);
    },
  );

  test("calls that the server gives up on do not count as resets of the caller", async () => {
    const { port, abuses } = await start({ sendTimeoutMs: 400, resetBurst: 1, resetsPerSecond: 1 });
    const session = await openWindow(port, 0);
    await Promise.all([1, 2, 3, 4].map(() => codeOf(ask(session, "Unary"))));
    await new Promise((resolve) => session.ping(resolve));
    expect(session.closed).toBe(false);
    expect(abuses).toHaveLength(1);
  });

  test("also after all connections have been closed", async () => {
    const { port, abuses } = await start({ sendTimeoutMs: 400 });
    const first = await openWindow(port, 0);
    const closed = once(first, "close");
    first.close();
    await closed;
    const client = connectClient(`127.0.0.1:${port}`);
    await client.unary({ text: "small" });
    client.close();
    const code = codeOf(ask(await openWindow(port, 0), "Unary"));
    expect(await code).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(abuses).toHaveLength(1);
  });

  test("a slow caller keeps its call", async () => {
    const { port, abuses } = await start({ sendTimeoutMs: 2_000 });
    const session = await openWindow(port, 65_535);
    const stream = ask(session, "ServerStream");
    let bytes = 0;
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      stream.pause();
    });
    const timer = setInterval(() => stream.resume(), 20);
    cleanUp(() => clearInterval(timer));
    const startMs = performance.now();
    await until(() => performance.now() - startMs > 5_000);
    expect(stream.closed).toBe(false);
    expect(bytes).toBeGreaterThan(0);
    expect(abuses).toEqual([]);
  });
});

test("what a connection does not take is bounded, long before the timeout", {
  timeout: 60_000,
}, async () => {
  const port = await own.listen(large, { maxBufferedBytesPerConnection: 4 * megabyte });
  const session = await openWindow(port, 0);
  const streams = Array.from({ length: 10 }, () => ask(session, "Unary"));
  await until(() => streams.filter(({ closed }) => closed).length >= 6);
  expect(streams.filter(({ closed }) => !closed).length).toBeGreaterThan(0);
});

test("what all connections do not take is bounded, long before the timeout", {
  timeout: 60_000,
}, async () => {
  const port = await own.listen(large, { maxBufferedBytes: 4 * megabyte });
  const sessions = await Promise.all(Array.from({ length: 10 }, () => openWindow(port, 0)));
  const streams = sessions.map((session) => ask(session, "Unary"));
  await until(() => streams.filter(({ closed }) => closed).length >= 6);
  expect(streams.filter(({ closed }) => !closed).length).toBeGreaterThan(0);
});
