import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { createChannel, GrpcError, GrpcServer, implement } from "../../templates/runtime/index.ts";
import { EchoClient, type EchoHandlers, echoDefinition } from "./gen/echo_grpc.ts";
import { cleanUp, collect, connect, failure, signpost, startEcho, until } from "./support/echo.ts";

const never = () => new Promise<never>(() => {});

const hanging: EchoHandlers = {
  unary: never,
  serverStream: async function* () {
    yield {};
    await never();
  },
  clientStream: never,
  bidi: async function* () {
    yield {};
    await never();
  },
};

/** Calls that never end by themselves. */
function hangingCalls(
  client: EchoClient,
  options: Parameters<EchoClient["unary"]>[1],
): Record<string, () => Promise<unknown>> {
  return {
    unary: () => client.unary({}, options),
    serverStream: () => collect(client.serverStream({}, options)),
    clientStream: () => client.clientStream([], options),
    bidi: () => collect(client.bidi([], options)),
  };
}
const kinds = ["unary", "serverStream", "clientStream", "bidi"];

/** A plain grpc-js server whose unary and streaming handlers break the protocol at will. */
async function startRogue(
  respond: (call: grpc.ServerInterceptingCallInterface) => void,
): Promise<string> {
  const rogue: grpc.ServerInterceptor = (_method, call) => {
    class Rogue extends grpc.ServerInterceptingCall {
      override start(): void {
        call.start({
          onReceiveMetadata: () => call.startRead(),
          onReceiveMessage: () => call.startRead(),
          onReceiveHalfClose: () => respond(call),
          onCancel: () => {},
        });
      }
    }
    return new Rogue(call);
  };
  const server = new grpc.Server({ interceptors: [rogue] });
  server.addService(echoDefinition, {});
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  cleanUp(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

const reply = { $typeName: "runtime.test.EchoReply", text: "r", number: 0, data: new Uint8Array() };
const ok = { code: 0, details: "" };

describe("deadlines", () => {
  test.each(kinds)("%s: a timeout ends the call", async (kind) => {
    const { client } = await startEcho({ handlers: hanging });
    const call = hangingCalls(client, { timeoutMs: 50 })[kind];
    expect(await failure(call?.() ?? never())).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test.each(kinds)("%s: the client's default applies, and a call may undo it", async (kind) => {
    const { address } = await startEcho({ handlers: hanging });
    const client = connect(address, { unaryTimeoutMs: 50, streamTimeoutMs: 50 });
    const call = hangingCalls(client, {})[kind];
    expect(await failure(call?.() ?? never())).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test("the defaults are 5 seconds and 30", async () => {
    const seen: number[] = [];
    const note = (deadline: Date | undefined) => {
      seen.push(Math.round(((deadline?.getTime() ?? 0) - Date.now()) / 1000));
      return {};
    };
    const { client } = await startEcho({
      handlers: {
        unary: async (_request, { deadline }) => note(deadline),
        clientStream: async (_requests, { deadline }) => note(deadline),
      },
    });
    await client.unary({});
    await client.clientStream([]);
    await client.unary({}, { timeoutMs: 100_000 });
    await client.unary({}, { deadline: new Date(Date.now() + 60_000) });
    expect(seen).toEqual([5, 30, 100, 60]);
  });
});

describe("abort", () => {
  test.each(kinds)("%s: a signal cancels the call", async (kind) => {
    const { address } = await startEcho({ handlers: hanging });
    const client = connect(address);
    await client.waitForReady(5_000);
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = hangingCalls(client, { signal: controller.signal })[kind];
    const outcome = failure(call?.() ?? never());
    setTimeout(() => controller.abort(reason), 30);
    const error = await outcome;
    expect(error).toMatchObject({ name: "GrpcError", code: "CANCELLED" });
    expect(error).toHaveProperty("cause", reason);
  });

  test.each(kinds)("%s: a signal that is aborted already", async (kind) => {
    let arrived = 0;
    const { client } = await startEcho({
      handlers: hanging,
      interceptors: [
        async (_call, next) => {
          arrived += 1;
          await next();
        },
      ],
    });
    const call = hangingCalls(client, { signal: AbortSignal.abort() })[kind];
    expect(await failure(call?.() ?? never())).toMatchObject({ code: "CANCELLED" });
    expect(arrived).toBe(0);
  });

  test("signals keep no listener of calls that have ended", async () => {
    const { client } = await startEcho({ handlers: { unary: async () => ({}) } });
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let round = 0; round < 5; round += 1) await client.unary({}, { signal });
    expect(listeners).toBe(0);
  });
});

describe("streams", () => {
  test("leaving the loop cancels the call on the server", async () => {
    const ended = signpost<unknown>();
    const { client } = await startEcho({
      handlers: {
        serverStream: async function* (_request, { signal }) {
          signal.addEventListener("abort", () => ended.reach(signal.reason));
          for (;;) yield {};
        },
      },
    });
    for await (const _reply of client.serverStream({})) break;
    expect(await ended.reached).toMatchObject({ code: "CANCELLED" });
  });

  test("a stream that nobody reads makes no call", async () => {
    let arrived = 0;
    const { client } = await startEcho({
      handlers: {
        unary: async () => ({ number: arrived }),
        serverStream: async function* () {
          arrived += 1;
          yield {};
        },
      },
    });
    const unread = client.serverStream({});
    expect((await client.unary({})).number).toBe(0);
    const iterator = unread[Symbol.asyncIterator]();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect((await client.unary({})).number).toBe(0);
  });

  test("the final status is told once, after the messages", async () => {
    const { client } = await startEcho({
      handlers: {
        serverStream: async function* () {
          yield { text: "1" };
          await new Promise((resolve) => setTimeout(resolve, 20));
          throw new GrpcError("ABORTED", "late");
        },
      },
    });
    const iterator = client.serverStream({})[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ text: "1" });
    await expect(iterator.next()).rejects.toMatchObject({ code: "ABORTED", rawMessage: "late" });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test.each(["clientStream", "bidi"])("%s: a source of requests that throws", async (kind) => {
    const ended = signpost<unknown>();
    const started = signpost();
    const { client } = await startEcho({
      handlers: {
        clientStream: async (requests, { signal }) => {
          started.reach();
          signal.addEventListener("abort", () => ended.reach(signal.reason));
          for await (const _request of requests);
          return never();
        },
        bidi: async function* (requests, { signal }) {
          started.reach();
          signal.addEventListener("abort", () => ended.reach(signal.reason));
          yield {};
          for await (const _request of requests);
          await never();
        },
      },
    });
    const cause = new Error("disk");
    async function* requests() {
      yield {};
      await started.reached;
      throw cause;
    }
    const call =
      kind === "bidi" ? collect(client.bidi(requests())) : client.clientStream(requests());
    const error = await failure(call);
    expect(error).toMatchObject({ code: "INTERNAL" });
    expect(error).toHaveProperty("cause", cause);
    expect(await ended.reached).toMatchObject({ code: "CANCELLED" });
  });

  test.each(["clientStream", "bidi"])("%s: requests that cannot be encoded", async (kind) => {
    const { client } = await startEcho({ handlers: hanging });
    const requests = [{ number: 2 ** 40 }];
    const call = kind === "bidi" ? collect(client.bidi(requests)) : client.clientStream(requests);
    expect(await failure(call)).toMatchObject({ code: "INTERNAL" });
  });

  test("the source of requests is closed when the server ends the call early", async () => {
    let closed = 0;
    const { client } = await startEcho({
      handlers: {
        clientStream: async () => {
          throw new GrpcError("RESOURCE_EXHAUSTED", "full");
        },
        bidi: async function* () {
          yield {};
          throw new GrpcError("RESOURCE_EXHAUSTED", "full");
        },
      },
    });
    async function* requests() {
      try {
        for (;;) {
          yield { text: "x" };
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        closed += 1;
      }
    }
    const full = { code: "RESOURCE_EXHAUSTED", rawMessage: "full" };
    expect(await failure(client.clientStream(requests()))).toMatchObject(full);
    expect(await failure(client.bidi(requests()))).toMatchObject(full);
    await until(() => closed === 2);
  });
});

describe("servers that break the rules", () => {
  test.each(["unary", "clientStream"])("%s: two responses", async (kind) => {
    const address = await startRogue((call) => {
      call.sendMessage(reply, () => call.sendMessage(reply, () => call.sendStatus(ok)));
    });
    const client = connect(address);
    const call = kind === "unary" ? client.unary({}) : client.clientStream([]);
    expect(await failure(call)).toMatchObject({
      code: "INTERNAL",
      rawMessage: "the server sent more than one response",
    });
  });

  test.each(["unary", "clientStream"])("%s: no response", async (kind) => {
    const client = connect(await startRogue((call) => call.sendStatus(ok)));
    const call = kind === "unary" ? client.unary({}) : client.clientStream([]);
    expect(await failure(call)).toMatchObject({
      code: "INTERNAL",
      rawMessage: "the server sent no response",
    });
  });

  test("unary: a response and a failure", async () => {
    const client = connect(
      await startRogue((call) =>
        call.sendMessage(reply, () => call.sendStatus({ code: 10, details: "no" })),
      ),
    );
    expect(await failure(client.unary({}))).toMatchObject({ code: "ABORTED", rawMessage: "no" });
  });

  test("codes that gRPC does not know are UNKNOWN", async () => {
    const client = connect(
      await startRogue((call) => call.sendStatus({ ...ok, code: Number("77") })),
    );
    expect(await failure(client.unary({}))).toMatchObject({ code: "UNKNOWN" });
  });
});

describe("connections", () => {
  test("no server: UNAVAILABLE at once", async () => {
    const { address, close } = await startEcho({});
    await close();
    expect(await failure(connect(address).unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    expect(await failure(connect(address).waitForReady(50))).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("waitForReady: a call outlives the time without a server", async () => {
    const { address, port, close } = await startEcho({});
    await close();
    const client = connect(address, {
      channelOptions: {
        "grpc.initial_reconnect_backoff_ms": 20,
        "grpc.min_reconnect_backoff_ms": 20,
        "grpc.max_reconnect_backoff_ms": 50,
      },
    });
    expect(await failure(client.unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    const call = client.unary({}, { waitForReady: true });
    const server = new GrpcServer({
      services: [implement(echoDefinition, { unary: async () => ({ text: "back" }) })],
    });
    await server.listen(`127.0.0.1:${port}`);
    cleanUp(() => server.stop(0));
    expect((await call).text).toBe("back");
  });

  test("a client closes the channel it made, and only that", async () => {
    const { address } = await startEcho({ handlers: { unary: async () => ({}) } });
    const channel = createChannel(address);
    cleanUp(() => channel.close());
    const borrower = new EchoClient(channel);
    await borrower.unary({});
    borrower.close();
    await borrower.unary({});
    expect(channel.getConnectivityState(false)).toBe(grpc.connectivityState.READY);

    const owner = new EchoClient(address);
    await owner.waitForReady(5_000);
    owner.close();
    expect(await failure(owner.unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    expect(await failure(collect(owner.serverStream({})))).toMatchObject({ code: "UNAVAILABLE" });
    expect(await failure(owner.waitForReady(50))).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("retries of the service config work", async () => {
    let attempts = 0;
    const { address } = await startEcho({
      handlers: {
        unary: async (_request, context) => {
          context.setHeader("x-request-id", "7");
          attempts += 1;
          if (attempts < 3) throw new GrpcError("UNAVAILABLE", "try again");
          return { number: attempts };
        },
      },
    });
    const retryPolicy = {
      maxAttempts: 4,
      initialBackoff: "0.01s",
      maxBackoff: "0.02s",
      backoffMultiplier: 1,
      retryableStatusCodes: ["UNAVAILABLE"],
    };
    const methodConfig = [{ name: [{ service: "runtime.test.Echo" }], retryPolicy }];
    const client = connect(address, {
      channelOptions: { "grpc.service_config": JSON.stringify({ methodConfig }) },
    });
    expect((await client.unary({})).number).toBe(3);
  });

  test.each(["onHeader", "onTrailer"])("%s may throw", async (name) => {
    const { client } = await startEcho({ handlers: { unary: async () => ({}) } });
    const options = {
      [name]: () => {
        throw new Error("bug");
      },
    };
    expect(await failure(client.unary({}, options))).toMatchObject({ code: "INTERNAL" });
  });
});
