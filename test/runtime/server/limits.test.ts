import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { Authority } from "../support/authority.ts";
import { bestOf, took } from "../support/best-of.ts";
import { cleanUp, connect, failure, until } from "../support/echo.ts";
import { own, plain } from "../support/kinds.ts";
import { rawCall } from "../support/raw-call.ts";
import { openSession } from "./http2-calls.ts";
import { preface, settingsFrame } from "./http2-frames.ts";
import { rawSocket } from "./raw-socket.ts";

const shortMs = 300;
/** What it may take on a busy machine; less than the default of the limit. */
const noHurryMs = 8_000;

/** How long it takes until the other side closes, in milliseconds. */
async function closing(socket: Duplex): Promise<number> {
  const before = performance.now();
  // An end comes behind what is unread.
  socket.resume();
  // With an error too.
  await new Promise((resolve) => socket.once("close", resolve));
  return performance.now() - before;
}

/** A certificate for this machine. */
function keyPairOf(authority: Authority): grpc.KeyCertPair {
  const { cert, key } = authority.issue("server", "localhost");
  return { cert_chain: readFileSync(cert), private_key: readFileSync(key) };
}

describe.each([own, plain])("$name", (kind) => {
  test("the defaults are announced", async () => {
    const port = await kind.listen({}, {});
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    cleanUp(() => session.destroy());
    await once(session, "remoteSettings");
    expect(session.remoteSettings).toMatchObject({
      maxConcurrentStreams: 2_000,
      initialWindowSize: 1024 * 1024,
    });
    await until(() => session.state.remoteWindowSize === 1024 * 1024);
  });

  test("messages have 4 MiB in either direction", async () => {
    const limit = 4 * 1024 * 1024;
    const port = await kind.listen(
      { unary: async ({ number }) => ({ data: new Uint8Array(number) }) },
      {},
    );
    const client = connect(`127.0.0.1:${port}`);
    const exhausted = { code: "RESOURCE_EXHAUSTED" };
    expect(await failure(client.unary({ data: new Uint8Array(limit) }))).toMatchObject(exhausted);
    expect(await failure(client.unary({ number: limit }))).toMatchObject(exhausted);
    await client.unary({ data: new Uint8Array(limit - 100) });
  });

  test("a message of exactly the limit passes, and one byte more does not", async () => {
    const handlers = {
      unary: async ({ number }: { number: number }) => ({ data: new Uint8Array(number) }),
    };
    // The prefix of a field of this size takes three bytes.
    const data = new Uint8Array(997);
    const exact = { maxReceiveMessageBytes: 1_000, maxSendMessageBytes: 1_000 };
    const less = { maxReceiveMessageBytes: 999, maxSendMessageBytes: 999 };
    const exhausted = { code: "RESOURCE_EXHAUSTED" };
    const within = connect(`127.0.0.1:${await kind.listen(handlers, exact)}`);
    await within.unary({ data });
    await within.unary({ number: data.length });
    const beyond = connect(`127.0.0.1:${await kind.listen(handlers, less)}`);
    expect(await failure(beyond.unary({ data }))).toMatchObject(exhausted);
    expect(await failure(beyond.unary({ number: data.length }))).toMatchObject(exhausted);
  });

  test("metadata of exactly the limit passes, and one byte more does not", async () => {
    const handlers = { unary: async () => ({}) };
    const statusWith = async (maxMetadataBytes: number) => {
      const call = rawCall(await kind.listen(handlers, { maxMetadataBytes }), path);
      call.send(Buffer.alloc(0));
      call.end();
      return (await call.outcome).trailers;
    };
    const path = "/runtime.test.Echo/Unary";
    const text = decodeURIComponent(String((await statusWith(1))["grpc-message"]));
    const bytes = Number(/: (\d+) of 1 bytes$/.exec(text)?.[1]);
    expect(await statusWith(bytes)).toMatchObject({ "grpc-status": "0" });
    expect(await statusWith(bytes - 1)).toMatchObject({ "grpc-status": "8" });
  });

  describe("a connection that does not get as far as HTTP/2 is closed", () => {
    test("when it is silent", async () => {
      const port = await kind.listen({}, { prefaceTimeoutMs: shortMs });
      expect(await closing(await rawSocket(port))).toBeLessThan(noHurryMs);
    });

    test("when it comes byte by byte", async () => {
      const port = await kind.listen({}, { prefaceTimeoutMs: shortMs });
      const socket = await rawSocket(port);
      const bytes = Buffer.concat([preface, settingsFrame]);
      let sent = 0;
      const drip = setInterval(() => {
        socket.write(bytes.subarray(sent, sent + 1));
        sent = Math.min(sent + 1, bytes.length - 2);
      }, 20);
      cleanUp(() => clearInterval(drip));
      socket.resume();
      expect(await closing(socket)).toBeLessThan(noHurryMs);
    });

    test("when its TLS handshake is not finished, or nothing follows it", {
      tags: "openssl",
    }, async () => {
      const credentials = grpc.ServerCredentials.createSsl(null, [keyPairOf(new Authority())]);
      const port = await kind.listen({}, { prefaceTimeoutMs: shortMs }, credentials);
      expect(await closing(await rawSocket(port))).toBeLessThan(noHurryMs);
      const half = await rawSocket(port);
      // The head of a ClientHello of 512 bytes.
      half.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]));
      expect(await closing(half)).toBeLessThan(noHurryMs);
      const shaken = connectTls({ port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
      shaken.on("error", () => {});
      await once(shaken, "secureConnect");
      expect(await closing(shaken)).toBeLessThan(noHurryMs);
    });

    test("but an idle connection that has started HTTP/2 is not", { tags: "openssl" }, async () => {
      const authority = new Authority();
      const insecure = await kind.listen({}, { prefaceTimeoutMs: shortMs });
      const secure = await kind.listen(
        {},
        { prefaceTimeoutMs: shortMs },
        grpc.ServerCredentials.createSsl(null, [keyPairOf(authority)]),
      );
      const sessions = [`http://127.0.0.1:${insecure}`, `https://127.0.0.1:${secure}`].map((url) =>
        connectHttp2(url, { ca: readFileSync(authority.ca) }),
      );
      for (const session of sessions) {
        cleanUp(() => session.destroy());
        await once(session, "remoteSettings");
      }
      await new Promise((resolve) => setTimeout(resolve, 3 * shortMs));
      for (const session of sessions) expect(session.closed || session.destroyed).toBe(false);
    });
  });

  test("connections beyond the limit are closed at once, and the others stay", async () => {
    const port = await kind.listen({}, { maxConnections: 2 });
    const sessions = [await openSession(port), await openSession(port)];
    expect(await closing(await rawSocket(port))).toBeLessThan(noHurryMs);
    for (const session of sessions) {
      expect(await new Promise((resolve) => session.ping(resolve))).toBeNull();
    }
  });

  test("a connection grows no older than its age, and no call is lost by that", async () => {
    const peers = new Set<string>();
    const port = await kind.listen(
      {
        unary: async (_request, { peer }) => {
          peers.add(peer);
          await new Promise((resolve) => setTimeout(resolve, 5));
          return {};
        },
      },
      // Long compared with a call: a call at the end of a connection is retried on the next, once.
      { maxConnectionAgeMs: 1_000 },
    );
    const client = connect(`127.0.0.1:${port}`);
    while (peers.size < 4) await Promise.all([client.unary({}), client.unary({})]);
  });

  test("keepalive pings end no call of a connection that has reached its age", async () => {
    const port = await kind.listen(
      {
        clientStream: async (requests) => {
          for await (const _request of requests);
          return {};
        },
      },
      // The grace outlasts the test.
      { maxConnectionAgeMs: 200, maxConnectionAgeGraceMs: 120_000, keepaliveTimeMs: 50 },
    );
    const { session, outcome, end } = rawCall(port, "/runtime.test.Echo/ClientStream");
    await once(session, "goaway");
    for (let pings = 0; pings < 3; pings += 1) await once(session, "ping");
    end();
    expect((await outcome).trailers["grpc-status"]).toBe("0");
  });

  test("a frozen caller is noticed within keepalive and a second", async () => {
    let open = 0;
    const hold = ({ signal }: { readonly signal: AbortSignal }) => {
      open += 1;
      signal.addEventListener("abort", () => {
        open -= 1;
      });
      return new Promise<never>(() => {});
    };
    const port = await kind.listen(
      {
        unary: (_request, context) => hold(context),
        serverStream: async function* (_request, context) {
          yield {};
          await hold(context);
        },
        clientStream: (_requests, context) => hold(context),
        bidi: async function* (_requests, context) {
          yield {};
          await hold(context);
        },
      },
      { keepaliveTimeMs: 1_000, keepaliveTimeoutMs: 1_000 },
    );
    const program = fileURLToPath(new URL("../processes/holding-client.ts", import.meta.url));
    const ms = await bestOf(3_000, async () => {
      const child = fork(program, [`127.0.0.1:${port}`], { execArgv: ["--import", "tsx"] });
      cleanUp(() => void child.kill("SIGKILL"));
      await until(() => open === 4);
      child.kill("SIGSTOP");
      return await took(until(() => open === 0));
    });
    expect(ms).toBeLessThan(3_000);
  }, 120_000);
});
