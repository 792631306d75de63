import { connect as connectSocket } from "node:net";
import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../templates/runtime/index.ts";
import type { EchoClient } from "../gen/echo_grpc.ts";
import { cleanUp, collect, connect, until } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import { preface } from "./http2-frames.ts";
import { rawSocket } from "./raw-socket.ts";
import { startProcess } from "./server-process.ts";

async function took(work: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work;
  return performance.now() - before;
}

test("SIGTERM under 100 unary calls and 10 streams loses none", async () => {
  const server = await startProcess({ kind: "own", graceMs: 10_000 });
  const client = connect(server.address);
  const unary = Array.from({ length: 100 }, (_, index) =>
    client.unary({ text: String(index), number: 100 + 5 * index }),
  );
  const streams = Array.from({ length: 10 }, () =>
    collect(client.serverStream({ number: 20_000 })),
  );
  let running = 0;
  while (running < 10) ({ running } = await server.report());
  server.kill("SIGTERM");
  const texts = (await Promise.all(unary)).map(({ text }) => text);
  expect(texts).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  for (const replies of await Promise.all(streams)) expect(replies).toHaveLength(20_000);
  expect(await server.exited).toBe(0);
});

test("nothing holds a server past its grace and a second", async () => {
  const graceMs = 500;
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
  // Callers that do not even read what they are told.
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
  expect(await took(server.exited)).toBeLessThan(graceMs + 1_000);
  expect(await server.exited).toBe(0);
  await until(() => ended.length === 20);
  for (const error of ended) {
    expect(error).toBeInstanceOf(GrpcError);
    expect(error).toMatchObject({ code: "UNAVAILABLE" });
  }
});

test("a second signal ends it at once", async () => {
  const server = await startProcess({ kind: "own", graceMs: 60_000 });
  const client = connect(server.address);
  client.unary({ number: 60_000 }).catch(() => {});
  await client.unary({});
  server.kill("SIGTERM");
  await refused(server.port);
  expect(server.alive).toBe(true);
  server.kill("SIGTERM");
  expect(await took(server.exited)).toBeLessThan(1_000);
  expect(await server.exited).toBe(1);
});

/** Resolves when the port takes no connection any more. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const socket = connectSocket({ port, host: "127.0.0.1" });
    const taken = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (taken === false) return;
  }
}

/** Calls of many clients without a pause, all kinds in turn. */
class Load {
  readonly #counts: number[];
  readonly #work: Promise<unknown>;
  #over = false;

  constructor(clients: readonly EchoClient[]) {
    this.#counts = clients.map(() => 0);
    this.#work = Promise.all(clients.map((client, index) => this.#run(client, index)));
    cleanUp(() => {
      this.#over = true;
    });
  }

  /** Resolves when every client has made each kind of call once more. @throws what a call threw. */
  async goOn(): Promise<void> {
    const goals = this.#counts.map((count) => count + 5);
    const reached = () => this.#counts.every((count, index) => count >= (goals[index] ?? 0));
    await Promise.race([until(reached), this.#work]);
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#work;
  }

  async #run(client: EchoClient, index: number): Promise<void> {
    for (let calls = 0; !this.#over; calls += 1) {
      await callOf(client, calls % 4);
      this.#counts[index] = calls + 1;
    }
  }
}

async function callOf(client: EchoClient, kind: number): Promise<void> {
  switch (kind) {
    case 0:
      await client.unary({ number: 5 });
      break;
    case 1:
      expect(await collect(client.serverStream({ number: 100 }))).toHaveLength(100);
      break;
    case 2:
      expect((await client.clientStream([{}, {}, {}])).number).toBe(3);
      break;
    default:
      expect(await collect(client.bidi([{}, {}, {}]))).toHaveLength(3);
  }
}

describe("a rolling restart under 20 clients fails no call", () => {
  const start = (port = 0) => startProcess({ kind: "own", graceMs: 10_000, port });
  // Patient, because the machine may be busy: it is failures that count.
  const patience = { waitForReady: true, unaryTimeoutMs: 30_000 };

  test("two servers behind round robin, one at a time", async () => {
    const servers = [await start(), await start()];
    const target = `ipv4:${servers.map(({ address }) => address).join(",")}`;
    const load = new Load(
      Array.from({ length: 20 }, () =>
        connect(target, { ...patience, loadBalancing: "round_robin" }),
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
  }, 60_000);

  test("one server after the other on the same port", async () => {
    let server = await start();
    const load = new Load(Array.from({ length: 20 }, () => connect(server.address, patience)));
    for (let round = 0; round < 2; round += 1) {
      await load.goOn();
      server.kill("SIGTERM");
      expect(await server.exited).toBe(0);
      server = await start(server.port);
    }
    await load.goOn();
    await load.end();
  }, 60_000);
});
