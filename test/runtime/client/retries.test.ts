import { describe, expect, test } from "vitest";
import { createChannelPool } from "../../../runtime/src/client/channel-pool.ts";
import {
  type AddressOptions,
  bindClient,
  type ClientTarget,
  createChannel,
  type RetrySettings,
} from "../../../runtime/src/client/index.ts";
import { GrpcError, implement, type StatusCode } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, collect, connect, failure, patience, startEcho } from "../support/echo.ts";
import { safeEchoDefinition } from "./support/safe-echo.ts";

type SafeMethod = "read" | "put" | "add";

/** Fails this number of calls of every method before one succeeds, and counts the calls. */
async function startFailing(failures: number, code: StatusCode = "UNAVAILABLE") {
  const arrived = { read: 0, put: 0, add: 0 };
  const answer = (name: SafeMethod) => () => {
    arrived[name] += 1;
    if (arrived[name] <= failures) throw new GrpcError(code, "try again");
    return { number: arrived[name] };
  };
  const handlers = { read: answer("read"), put: answer("put"), add: answer("add") };
  const server = new GrpcServer({ services: [implement(safeEchoDefinition, handlers)] });
  const port = await server.listen("127.0.0.1:0");
  cleanUp(() => server.stop(0));
  return { address: `127.0.0.1:${port}`, arrived };
}

function connectSafe(target: ClientTarget, options: AddressOptions = {}) {
  const client = bindClient(safeEchoDefinition, target, { ...patience, ...options });
  cleanUp(() => client.close());
  return client.methods;
}

const quick = { initialBackoffMs: 5, maxBackoffMs: 10 };

describe("retries", () => {
  test.each(["read", "put"] as const)("%s: declared safe in the proto", async (name) => {
    const { address, arrived } = await startFailing(3);
    expect((await connectSafe(address, { resilience: { retry: quick } })[name]({})).number).toBe(4);
    expect(arrived[name]).toBe(4);
  });

  test("add: not declared safe", async () => {
    const { address, arrived } = await startFailing(1);
    const error = await failure(connectSafe(address, { resilience: { retry: quick } }).add({}));
    expect(error).toMatchObject({ code: "UNAVAILABLE", rawMessage: "try again" });
    expect(arrived.add).toBe(1);
  });

  test("add: named in the options", async () => {
    const { address, arrived } = await startFailing(2);
    const retry = { ...quick, methods: ["runtime.test.SafeEcho/Add"] };
    expect((await connectSafe(address, { resilience: { retry } }).add({})).number).toBe(3);
    expect(arrived).toEqual({ read: 0, put: 0, add: 3 });
  });

  test.each<StatusCode>(["INTERNAL", "ABORTED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"])(
    "%s is not repeated",
    async (code) => {
      const { address, arrived } = await startFailing(1, code);
      expect(await failure(connectSafe(address).read({}))).toMatchObject({ code });
      expect(arrived.read).toBe(1);
    },
  );

  test.each([
    [undefined, 4],
    [2, 2],
    [8, 8],
  ])("maxAttempts %s: %i calls", async (maxAttempts, calls) => {
    const { address, arrived } = await startFailing(100);
    const retry = maxAttempts === undefined ? quick : { ...quick, maxAttempts };
    expect(await failure(connectSafe(address, { resilience: { retry } }).read({}))).toMatchObject({
      code: "UNAVAILABLE",
    });
    expect(arrived.read).toBe(calls);
  });

  test("can be disabled", async () => {
    const { address, arrived } = await startFailing(1);
    expect(
      await failure(connectSafe(address, { resilience: { retry: false } }).read({})),
    ).toMatchObject({
      code: "UNAVAILABLE",
    });
    expect(arrived.read).toBe(1);
  });

  test("end with the deadline", async () => {
    const { address } = await startFailing(100);
    const retry = { initialBackoffMs: 10_000, maxBackoffMs: 10_000 };
    const call = connectSafe(address, { resilience: { retry } }).read({}, { timeoutMs: 100 });
    expect(await failure(call)).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test("a shared channel retries calls of its `services`", async () => {
    const { address, arrived } = await startFailing(1);
    const settings = {
      services: [echoDefinition, safeEchoDefinition],
      resilience: { retry: quick },
    };
    const shared = createChannel(address, settings);
    const pool = createChannelPool(address, { ...settings, size: 2 });
    const plain = createChannel(address);
    for (const channel of [shared, pool, plain]) cleanUp(() => channel.close());
    expect((await connectSafe(shared).read({})).number).toBe(2);
    expect((await connectSafe(pool).put({})).number).toBe(2);
    arrived.read = 0;
    expect(await failure(connectSafe(plain).read({}))).toMatchObject({ code: "UNAVAILABLE" });
  });

  test("a stream is repeated until its first message", async () => {
    let arrived = 0;
    const { address } = await startEcho({
      handlers: {
        serverStream: async function* ({ number }) {
          arrived += 1;
          if (arrived <= 2) throw new GrpcError("UNAVAILABLE", "before");
          yield {};
          if (arrived <= number) throw new GrpcError("UNAVAILABLE", "after");
        },
      },
    });
    const client = connect(address, {
      resilience: { retry: { ...quick, methods: ["runtime.test.Echo/ServerStream"] } },
    });
    expect(await collect(client.serverStream({}))).toHaveLength(1);
    expect(arrived).toBe(3);
    const error = await failure(client.serverStream({ number: 4 }));
    expect(error).toMatchObject({ code: "UNAVAILABLE", rawMessage: "after" });
    expect(arrived).toBe(4);
  });

  test("requests larger than the buffer for retries still arrive", async () => {
    const { client } = await startEcho({
      handlers: { unary: async ({ data }) => ({ number: data.length }) },
    });
    expect((await client.unary({ data: new Uint8Array(1_000_000) })).number).toBe(1_000_000);
  });
});

describe("settings that make no sense", () => {
  const make = (retry: RetrySettings) => () =>
    connectSafe("127.0.0.1:1", { resilience: { retry } });

  test.each([
    [
      "runtime.test.SafeEcho/Ad",
      /^retry: there is no method runtime\.test\.SafeEcho\/Ad, only [^\n]*\/Add$/,
    ],
    ["Add", /^retry: there is no method Add, only /],
    ["runtime.test.Echo/Unary", /^retry: there is no method runtime\.test\.Echo\/Unary, only /],
  ])("method %s", (name, text) => {
    expect(make({ methods: [name] })).toThrow(text);
  });

  test("a channel without services", () => {
    const settings = { resilience: { retry: { methods: ["runtime.test.SafeEcho/Add"] } } };
    expect(() => createChannel("127.0.0.1:1", settings)).toThrow("none: give services");
  });

  test.each([
    { maxAttempts: 1 },
    { maxAttempts: 2.5 },
    { initialBackoffMs: 0 },
    { maxBackoffMs: Number.NaN },
    { backoffMultiplier: -1 },
  ])("%o", (settings) => {
    const [name] = Object.keys(settings);
    expect(make(settings)).toThrow(new RegExp(`^retry: ${name} must be `));
  });
});

describe("a service config of the user's own", () => {
  const connectWith = (address: string, config: object) =>
    connectSafe(address, {
      resilience: { retry: quick },
      channelOptions: { "grpc.service_config": JSON.stringify(config) },
    });
  const service = "runtime.test.SafeEcho";
  const retryPolicy = {
    maxAttempts: 2,
    initialBackoff: "0.01s",
    maxBackoff: "0.01s",
    backoffMultiplier: 1,
    retryableStatusCodes: ["UNAVAILABLE"],
  };

  test.each([
    ["a method", [{ service, method: "Read" }], { read: 2, put: 4, add: 1 }],
    ["a service", [{ service }], { read: 2, put: 2, add: 2 }],
    ["everything", [{}], { read: 2, put: 2, add: 2 }],
    ["another service", [{ service: "other.Service" }], { read: 4, put: 4, add: 1 }],
  ])("decides about %s", async (_what, name, expected) => {
    const { address, arrived } = await startFailing(100);
    const client = connectWith(address, { methodConfig: [{ name, retryPolicy }] });
    for (const method of ["read", "put", "add"] as const) await failure(client[method]({}));
    expect(arrived).toEqual(expected);
  });

  test("that is not JSON is an error in one line", () => {
    const channelOptions = { "grpc.service_config": "{" };
    expect(() => createChannel("127.0.0.1:1", { channelOptions })).toThrow(
      "channelOptions: grpc.service_config is not JSON",
    );
  });
});
