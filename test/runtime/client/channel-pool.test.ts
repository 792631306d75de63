import * as grpc from "@grpc/grpc-js";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type ChannelPoolSettings,
  createChannelPool,
} from "../../../runtime/src/client/channel-pool.ts";
import { watchConnection } from "../../../runtime/src/client/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { cleanUp, failure, patience, signpost, startEcho, until } from "../support/echo.ts";

afterEach(() => vi.restoreAllMocks());

function makePool(address: string, settings: ChannelPoolSettings) {
  const pool = createChannelPool(address, settings);
  cleanUp(() => pool.close());
  return pool;
}

/** A server that returns the address of each caller. */
async function startWithPeers() {
  const peers = new Map<string, number>();
  const open = signpost();
  const note = ({ peer }: { peer: string }) => peers.set(peer, (peers.get(peer) ?? 0) + 1);
  const { address } = await startEcho({
    handlers: {
      unary: async (_request, context) => {
        note(context);
        return {};
      },
      serverStream: async function* (_request, context) {
        note(context);
        yield {};
        await open.reached;
      },
    },
  });
  cleanUp(() => open.reach());
  return { address, peers };
}

describe("a pool of 4", () => {
  test("opens 4 connections and uses them in turn", async () => {
    const { address, peers } = await startWithPeers();
    const client = new EchoClient(makePool(address, { size: 4 }), patience);
    for (let round = 0; round < 40; round += 1) await client.unary({});
    expect([...peers.values()]).toEqual([10, 10, 10, 10]);
  });

  test("gives calls to the connection with the fewest", async () => {
    const { address, peers } = await startWithPeers();
    const client = new EchoClient(makePool(address, { size: 4 }), patience);
    // Three connections are busy with a stream: the calls go to the fourth.
    for (let stream = 0; stream < 3; stream += 1) {
      const iterator = client.serverStream({})[Symbol.asyncIterator]();
      cleanUp(async () => void (await iterator.return?.()));
      await iterator.next();
    }
    for (let round = 0; round < 10; round += 1) await client.unary({});
    expect([...peers.values()].sort((a, b) => a - b)).toEqual([1, 1, 1, 10]);
  });

  const ends: Record<string, (client: EchoClient) => Promise<unknown>> = {
    failed: (client) => failure(client.clientStream([])),
    cancelled: async (client) => {
      for await (const _reply of client.serverStream({})) break;
    },
  };

  test.each(Object.entries(ends))("counts %s calls as ended", async (_how, end) => {
    const { address, peers } = await startWithPeers();
    const client = new EchoClient(makePool(address, { size: 2 }), patience);
    // One that still counted would send all others to the other connection.
    await end(client);
    peers.clear();
    for (let round = 0; round < 10; round += 1) await client.unary({});
    expect([...peers.values()]).toEqual([5, 5]);
  });

  test("is ready when a connection is, and closed at once", async () => {
    const { address } = await startWithPeers();
    const pool = makePool(address, { size: 4 });
    const client = new EchoClient(pool, patience);
    const states: string[] = [];
    watchConnection(pool, (state) => states.push(state));
    await client.waitForReady(60_000);
    client.close();
    await client.unary({});
    pool.close();
    expect(await failure(client.unary({}))).toMatchObject({ code: "UNAVAILABLE" });
    await until(() => states.includes("SHUTDOWN"));
    expect(states).toEqual(["IDLE", "CONNECTING", "READY", "SHUTDOWN"]);
  });

  test("fails with UNAVAILABLE when it is not ready in time", async () => {
    const { address, close } = await startEcho({});
    await close();
    const client = new EchoClient(makePool(address, { size: 4 }), patience);
    expect(await failure(client.waitForReady(50))).toMatchObject({ code: "UNAVAILABLE" });
  });
});

test("connections are closed when making a pool fails half-way", () => {
  const close = vi.spyOn(grpc.Channel.prototype, "close");
  let reads = 0;
  const channelOptions = {
    get "grpc.keepalive_time_ms"(): number {
      reads += 1;
      if (reads > 2) throw new Error("no more");
      return 10_000;
    },
  };
  expect(() => createChannelPool("127.0.0.1:1", { size: 4, channelOptions })).toThrow("no more");
  expect(close).toHaveBeenCalledTimes(2);
});

test.each([0, -1, 1.5, Number.NaN])("a pool of %s is refused", (size) => {
  expect(() => createChannelPool("127.0.0.1:1", { size })).toThrow(/^channel pool: size must/);
});

describe("a pool that replaces its connections", () => {
  test("gives each of them so many calls, and loses none", async () => {
    const { address, peers } = await startWithPeers();
    const pool = makePool(address, { size: 2, maxCallsPerConnection: 5 });
    const client = new EchoClient(pool, patience);
    await Promise.all(Array.from({ length: 40 }, () => client.unary({})));
    for (let round = 0; round < 20; round += 1) await client.unary({});
    const calls = [...peers.values()];
    expect(Math.max(...calls)).toBe(5);
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(60);
  });

  test("keeps a connection until its streams have ended", async () => {
    const { address, peers } = await startWithPeers();
    const pool = makePool(address, { size: 1, maxCallsPerConnection: 1 });
    const client = new EchoClient(pool, patience);
    const stream = client.serverStream({})[Symbol.asyncIterator]();
    cleanUp(async () => void (await stream.return?.()));
    await stream.next();
    for (let round = 0; round < 5; round += 1) await client.unary({});
    expect(peers.size).toBe(6);
    const next = stream.next();
    const settled = await Promise.race([next.catch((error: unknown) => error), "still open"]);
    expect(settled).toBe("still open");
  });

  test("refuses a number that makes no sense", () => {
    expect(() => createChannelPool("127.0.0.1:1", { size: 1, maxCallsPerConnection: 0 })).toThrow(
      "channel pool: maxCallsPerConnection must be more than 0, not 0",
    );
  });
});
