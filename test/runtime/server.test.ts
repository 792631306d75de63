import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectSocket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import {
  bindClient,
  defineService,
  GrpcServer,
  implement,
  type ServiceRegistration,
} from "../../templates/runtime/index.ts";
import { type EchoHandlers, echoDefinition } from "./gen/echo_grpc.ts";
import { Echo } from "./gen/echo_pb.ts";
import { cleanUp, collect, connect, failure, signpost } from "./support/echo.ts";
import { rawCall } from "./support/raw-call.ts";

async function start(
  handlers: Partial<EchoHandlers>,
  channelOptions: grpc.ServerOptions = {},
): Promise<{ server: GrpcServer; port: number; address: string }> {
  const services: ServiceRegistration[] = [implement(echoDefinition, handlers)];
  const server = new GrpcServer({ services, channelOptions });
  const port = await server.listen("127.0.0.1:0");
  cleanUp(() => server.stop(0));
  return { server, port, address: `127.0.0.1:${port}` };
}

async function took(work: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work;
  return performance.now() - before;
}

describe("listen", () => {
  test("a taken port is one clear error", async () => {
    const { address } = await start({});
    const server = new GrpcServer({ services: [] });
    await expect(server.listen(address)).rejects.toThrow(`cannot listen on ${address}: `);
    await server.stop(0);
  });

  test.each(["", "x", "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:x", "256.0.0.1.:0:0"])(
    "%j is no address",
    async (address) => {
      const server = new GrpcServer({ services: [] });
      await expect(server.listen(address)).rejects.toThrow(`cannot listen on ${address}: `);
    },
  );

  test("socket files, IPv6 and several addresses", async () => {
    const folder = mkdtempSync(join(tmpdir(), "grpc-"));
    cleanUp(() => rmSync(folder, { recursive: true }));
    const server = new GrpcServer({
      services: [implement(echoDefinition, { unary: async () => ({ text: "ok" }) })],
    });
    cleanUp(() => server.stop(0));
    const socket = `unix:${join(folder, "grpc.sock")}`;
    expect(await server.listen(socket)).toBe(0);
    const port = await server.listen("localhost:0");
    expect(port).toBeGreaterThan(0);
    expect((await connect(socket).unary({})).text).toBe("ok");
    expect((await connect(`localhost:${port}`).unary({})).text).toBe("ok");
  });

  test("not after stop", async () => {
    const server = new GrpcServer({ services: [] });
    await server.stop(0);
    await expect(server.listen("127.0.0.1:0")).rejects.toThrow("stopped");

    const hasty = new GrpcServer({ services: [] });
    const listening = hasty.listen("127.0.0.1:0");
    await hasty.stop(0);
    await expect(listening).rejects.toThrow("stopped");
  });
});

describe("services", () => {
  test("methods are known before any call", () => {
    const server = new GrpcServer({ services: [implement(echoDefinition, {})] });
    expect(server.methods.map(({ path }) => path)).toEqual([
      "/runtime.test.Echo/Unary",
      "/runtime.test.Echo/ServerStream",
      "/runtime.test.Echo/ClientStream",
      "/runtime.test.Echo/Bidi",
    ]);
  });

  test("a service without methods is no mistake, one given twice is", () => {
    const empty = implement(defineService(Echo, {}), {});
    expect(new GrpcServer({ services: [empty] }).methods).toEqual([]);
    const echo = implement(echoDefinition, {});
    expect(() => new GrpcServer({ services: [echo, echo] })).toThrow("/runtime.test.Echo/Unary");
  });

  test("services of others pass through untouched, and count when the server stops", async () => {
    const { server, address } = await start({});
    const foreign = defineService(Echo, {
      call: { ...echoDefinition.unary, path: "/other.Service/Call" },
      hang: { ...echoDefinition.unary, path: "/other.Service/Hang" },
    });
    const hanging = signpost();
    const reply: grpc.handleUnaryCall<{ text: string }, unknown> = ({ request }, callback) =>
      callback(null, {
        $typeName: "runtime.test.EchoReply",
        text: request.text,
        number: 0,
        data: Buffer.alloc(0),
      });
    server.server.addService(foreign, { call: reply, hang: () => hanging.reach() });
    const client = bindClient(foreign, address);
    cleanUp(() => client.close());
    expect((await client.methods.call({ text: "x" })).text).toBe("x");
    const hung = failure(client.methods.hang({}));
    await hanging.reached;
    await server.stop(30);
    expect(await hung).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("native interceptors of grpc-js see every call and its messages", async () => {
    const seen: unknown[] = [];
    const native: grpc.ServerInterceptor = ({ path }, call) =>
      new grpc.ServerInterceptingCall(call, {
        start(next) {
          next({
            onReceiveMessage(message, proceed) {
              seen.push(path, message.text);
              proceed(message);
            },
          });
        },
        sendMessage(message, next) {
          seen.push(message.text);
          next(message);
        },
        sendStatus(status, next) {
          seen.push(status.code);
          next(status);
        },
      });
    const { address } = await start(
      { unary: async ({ text }) => ({ text: `${text}!` }) },
      { interceptors: [native] },
    );
    expect((await connect(address).unary({ text: "hi" })).text).toBe("hi!");
    expect(seen).toEqual(["/runtime.test.Echo/Unary", "hi", "hi!", 0]);
  });

  test("messages larger than allowed are RESOURCE_EXHAUSTED in both directions", async () => {
    const { address } = await start(
      {
        unary: async ({ number }) => ({ data: new Uint8Array(number) }),
        serverStream: async function* ({ number }) {
          yield { data: new Uint8Array(number) };
        },
      },
      { "grpc.max_send_message_length": 1000, "grpc.max_receive_message_length": 1000 },
    );
    const client = connect(address);
    const exhausted = { code: "RESOURCE_EXHAUSTED" };
    expect(await failure(client.unary({ number: 2000 }))).toMatchObject(exhausted);
    expect(await failure(client.serverStream({ number: 2000 }))).toMatchObject(exhausted);
    expect(await failure(client.unary({ data: new Uint8Array(2000) }))).toMatchObject(exhausted);
    expect((await client.unary({ number: 100 })).data).toHaveLength(100);
  });
});

describe("stop", () => {
  test("an idle server stops at once, twice too", async () => {
    const { server, address } = await start({ unary: async () => ({}) });
    await connect(address).unary({});
    expect(await took(server.stop(10_000))).toBeLessThan(2_000);
    await server.stop(10_000);
  });

  test("running calls finish, new ones are refused", async () => {
    const started = signpost();
    const release = signpost();
    const { server, address } = await start({
      unary: async () => {
        started.reach();
        await release.reached;
        return { text: "finished" };
      },
    });
    const running = connect(address).unary({});
    await started.reached;
    const stopped = server.stop(10_000);
    expect(await failure(connect(address).unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    release.reach();
    expect((await running).text).toBe("finished");
    await stopped;
  });

  test("a stream that has time to end does", async () => {
    const started = signpost();
    const release = signpost();
    const { server, address } = await start({
      serverStream: async function* () {
        yield {};
        started.reach();
        await release.reached;
        for (let index = 0; index < 1000; index += 1) yield { data: new Uint8Array(1000) };
      },
    });
    const replies = collect(connect(address).serverStream({}));
    await started.reached;
    const stopped = server.stop(10_000);
    release.reach();
    expect(await replies).toHaveLength(1001);
    await stopped;
  });

  test("endless calls of every kind end with UNAVAILABLE after the grace", async () => {
    let aborted = 0;
    const count = (signal: AbortSignal) => signal.addEventListener("abort", () => (aborted += 1));
    const { server, address } = await start({
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
    await client.waitForReady(5_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await took(server.stop(100))).toBeLessThan(3_000);
    for (const outcome of outcomes) {
      expect(await outcome).toMatchObject({
        code: "UNAVAILABLE",
        rawMessage: "the server is shutting down",
      });
    }
    expect(aborted).toBe(4);
  });

  test("silent sockets, silent sessions and stalled readers do not hold it", async () => {
    const { server, port } = await start({
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
    expect(await took(server.stop(50))).toBeLessThan(2_000);
    // The port is free again.
    const next = createServer();
    await new Promise<void>((resolve, reject) => {
      next.once("error", reject);
      next.listen(port, "127.0.0.1", resolve);
    });
    next.close();
  });
});
