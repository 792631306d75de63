import { once } from "node:events";
import { connect as connectSocket, createServer } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, expect, test } from "vitest";
import { rotatingServerCredentials } from "../../../runtime/src/tls/index.ts";
import { Authority } from "../support/authority.ts";
import { took } from "../support/best-of.ts";
import { cleanUp, collect, connect, failure, signpost, until } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import { rawSocket } from "./raw-socket.ts";
import { startServer } from "./start-server.ts";

describe("stop", () => {
  test("an idle server stops at once, twice too", async () => {
    const { server, address } = await startServer({ unary: async () => ({}) });
    await connect(address).unary({});
    expect(await took(server.stop(60_000))).toBeLessThan(10_000);
    await server.stop(60_000);
  });

  test("running calls finish, new ones are refused", async () => {
    const started = signpost();
    const release = signpost();
    const { server, address } = await startServer({
      unary: async () => {
        started.reach();
        await release.reached;
        return { text: "finished" };
      },
    });
    const running = connect(address).unary({});
    await started.reached;
    const stopped = server.stop(60_000);
    expect(await failure(connect(address).unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    release.reach();
    expect((await running).text).toBe("finished");
    await stopped;
  });

  test("a stream that ends within the grace succeeds", async () => {
    const started = signpost();
    const release = signpost();
    const { server, address } = await startServer({
      serverStream: async function* () {
        yield {};
        started.reach();
        await release.reached;
        for (let index = 0; index < 1000; index += 1) yield { data: new Uint8Array(1000) };
      },
    });
    const replies = collect(connect(address).serverStream({}));
    await started.reached;
    const stopped = server.stop(60_000);
    release.reach();
    expect(await replies).toHaveLength(1001);
    await stopped;
  });

  test("endless calls of every kind end with UNAVAILABLE after the grace", async () => {
    let arrived = 0;
    let aborted = 0;
    const count = (signal: AbortSignal) => {
      arrived += 1;
      signal.addEventListener("abort", () => (aborted += 1));
    };
    const { server, address } = await startServer({
      unary: (_request, { signal }) => {
        count(signal);
        return new Promise(() => {});
      },
      serverStream: async function* (_request, { signal }) {
        count(signal);
        for (;;) {
          yield {};
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
      clientStream: async (requests, { signal }) => {
        count(signal);
        for await (const _request of requests);
        return {};
      },
      bidi: async function* (requests, { signal }) {
        count(signal);
        yield {};
        for await (const _request of requests);
      },
    });
    const client = connect(address);
    async function* endless() {
      for (;;) {
        yield {};
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const outcomes = [
      failure(client.unary({})),
      failure(client.serverStream({})),
      failure(client.clientStream(endless())),
      failure(client.bidi(endless())),
    ];
    await until(() => arrived === 4);
    expect(await took(server.stop(100))).toBeLessThan(10_000);
    for (const outcome of outcomes) {
      expect(await outcome).toMatchObject({
        code: "UNAVAILABLE",
        rawMessage: "the server is shutting down",
      });
    }
    expect(aborted).toBe(4);
  });

  test("a socket without a TLS handshake is closed at once, although a call still runs", {
    tags: "openssl",
  }, async () => {
    const started = signpost();
    const release = signpost();
    const { server, address } = await startServer({
      unary: async () => {
        started.reach();
        await release.reached;
        return {};
      },
    });
    const running = connect(address).unary({});
    await started.reached;
    const { cert, key } = new Authority().issue("server", "localhost");
    const port = await server.listen("127.0.0.1:0", await rotatingServerCredentials({ cert, key }));
    const silent = await rawSocket(port);
    silent.resume();
    const closed = once(silent, "close");
    // The server has accepted it before a connection that comes later.
    const later = connectTls({ port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    cleanUp(() => void later.destroy());
    await once(
      later.on("error", () => {}),
      "secureConnect",
    );
    const stopped = server.stop(60_000);
    // Sooner than by the limit for the preface, which is ten seconds.
    expect(await took(closed)).toBeLessThan(5_000);
    release.reach();
    await running;
    await stopped;
  });

  test("silent sockets, silent sessions and stalled readers do not hold it", async () => {
    const { server, port } = await startServer({
      serverStream: async function* () {
        for (;;) yield { data: new Uint8Array(1024) };
      },
    });
    const silent = connectSocket({ port, host: "127.0.0.1", allowHalfOpen: true });
    const half = connectSocket({ port, host: "127.0.0.1", allowHalfOpen: true });
    for (const socket of [silent, half]) {
      socket.on("error", () => {});
      cleanUp(() => void socket.destroy());
    }
    // An HTTP/2 preface with empty settings, and nothing after it.
    half.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
    await new Promise((resolve) => half.once("data", resolve));
    const stalled = rawCall(port, "/runtime.test.Echo/ServerStream", { read: false });
    stalled.send(Buffer.alloc(0));
    stalled.end();
    await stalled.headers;
    expect(await took(server.stop(50))).toBeLessThan(10_000);
    // The port is free again.
    const next = createServer();
    await new Promise<void>((resolve, reject) => {
      next.once("error", reject);
      next.listen(port, "127.0.0.1", resolve);
    });
    next.close();
  });
});
