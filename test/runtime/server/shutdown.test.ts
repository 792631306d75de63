import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { bestOf, took } from "../support/best-of.ts";
import { collect, connect, until } from "../support/echo.ts";
import { freePort } from "../support/free-port.ts";
import { listens } from "../support/listens.ts";
import { Load } from "../support/load.ts";
import { rawCall } from "../support/raw-call.ts";
import { preface } from "./http2-frames.ts";
import { rawSocket } from "./raw-socket.ts";
import { startProcess } from "./server-process.ts";

test("SIGTERM under 100 unary calls and 10 streams loses none", async () => {
  // So that pings are due while it stops.
  const limits = { keepaliveTimeMs: 50 };
  const server = await startProcess({ kind: "own", graceMs: 170_000, limits });
  const client = connect(server.address, { unaryTimeoutMs: 170_000, streamTimeoutMs: 170_000 });
  const unary = Array.from({ length: 100 }, (_, index) =>
    client.unary({ text: String(index), number: 100 + 5 * index }),
  );
  const streams = Array.from({ length: 10 }, () => client.serverStream({ number: 20_000 }));
  const readers = streams.map((stream) => stream[Symbol.asyncIterator]());
  // More than fits on the way: until they are read on, all are running.
  for (const reader of readers) await reader.next();
  expect((await server.report()).running).toBe(10);
  server.kill("SIGTERM");
  const texts = (await Promise.all(unary)).map(({ text }) => text);
  expect(texts).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  const rest = await Promise.all(streams.map((stream) => collect(stream)));
  for (const replies of rest) expect(replies).toHaveLength(19_999);
  expect(await server.exited).toBe(0);
}, 180_000);

const graceMs = 500;

test("nothing holds a server past its grace and a second", async () => {
  expect(await bestOf(graceMs + 1_000, stopUnderLoad)).toBeLessThan(graceMs + 1_000);
}, 180_000);

/**
 * Milliseconds that a server with all kinds of calls and callers takes to end, if all calls end with
 * UNAVAILABLE; else infinity.
 */
async function stopUnderLoad(): Promise<number> {
  const server = await startProcess({ kind: "own", graceMs });
  const client = connect(server.address, { streamTimeoutMs: 0 });
  const ended: unknown[] = [];
  const watch = (call: Promise<unknown>) => {
    call.catch((error: unknown) => ended.push(error));
  };
  for (let index = 0; index < 5; index += 1) {
    watch(collect(client.serverStream({ number: 1_000_000_000 })));
    async function* endless() {
      for (;;) {
        yield { data: new Uint8Array(1024) };
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    watch(client.clientStream(endless()));
    watch(collect(client.bidi(endless())));
    watch(client.unary({ number: 60_000 }));
  }
  // Callers that do not read.
  for (const method of ["ServerStream", "Bidi"]) {
    const call = rawCall(server.port, `/runtime.test.Echo/${method}`, { read: false });
    call.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x07]));
    if (method === "ServerStream") call.end();
    await call.headers;
  }
  await rawSocket(server.port);
  (await rawSocket(server.port)).write(preface.subarray(0, 10));
  (await rawSocket(server.port)).write(preface);
  let running = 0;
  while (running < 15) ({ running } = await server.report());
  server.kill("SIGTERM");
  const ms = await took(server.exited);
  expect(await server.exited).toBe(0);
  await until(() => ended.length === 20);
  for (const error of ended) expect(error).toBeInstanceOf(GrpcError);
  // A caller that is too busy to read its status within half a second loses it: try again then.
  const told = ended.every((error) => GrpcError.from(error).code === "UNAVAILABLE");
  return told ? ms : Number.POSITIVE_INFINITY;
}

test("a second signal ends it at once", async () => {
  const server = await startProcess({ kind: "own", graceMs: 60_000 });
  const client = connect(server.address);
  client.unary({ number: 60_000 }).catch(() => {});
  await client.unary({});
  server.kill("SIGTERM");
  while (await listens(server.address));
  expect(server.alive).toBe(true);
  server.kill("SIGTERM");
  // Far below the grace.
  expect(await took(server.exited)).toBeLessThan(10_000);
  expect(await server.exited).toBe(1);
});

describe("a rolling restart under 20 clients fails no call", () => {
  const start = (port: number) => startProcess({ kind: "own", graceMs: 60_000, port });

  test("two servers behind round robin, one at a time", async () => {
    const servers = [await start(await freePort()), await start(await freePort())];
    const target = `ipv4:${servers.map(({ address }) => address).join(",")}`;
    const load = new Load(
      Array.from({ length: 20 }, () =>
        connect(target, { waitForReady: true, resilience: { loadBalancing: "round_robin" } }),
      ),
    );
    for (const { port, kill, exited } of servers) {
      await load.goOn();
      kill("SIGTERM");
      expect(await exited).toBe(0);
      await load.goOn();
      await start(port);
    }
    await load.goOn();
    await load.end();
  }, 180_000);

  test("one server after the other on the same port", async () => {
    let server = await start(await freePort());
    const load = new Load(
      Array.from({ length: 20 }, () => connect(server.address, { waitForReady: true })),
    );
    for (let round = 0; round < 2; round += 1) {
      await load.goOn();
      server.kill("SIGTERM");
      expect(await server.exited).toBe(0);
      server = await start(server.port);
    }
    await load.goOn();
    await load.end();
  }, 180_000);
});
