import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createChannel,
  type HedgingSettings,
  type OutlierEjectionSettings,
  type ResilienceSettings,
} from "../../../runtime/src/client/index.ts";
import { serviceConfig } from "../../../runtime/src/client/service-config.ts";
import { GrpcError, implement } from "../../../runtime/src/index.ts";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { patience } from "../support/echo.ts";

/** A server that fails or is slow when it is told to. */
class Server {
  fails = false;
  delayMs = 0;
  arrived = 0;
  port = 0;
  #server: GrpcServer | undefined;

  async start(port = 0): Promise<void> {
    const unary = async () => {
      this.arrived += 1;
      if (this.fails) throw new GrpcError("UNAVAILABLE", "sick");
      await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      return { number: this.port };
    };
    this.#server = new GrpcServer({ services: [implement(echoDefinition, { unary })] });
    this.port = await this.#server.listen(`127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    await this.#server?.stop(1_000);
  }
}

const unary = "runtime.test.Echo/Unary";
const servers = [new Server(), new Server(), new Server()];

beforeAll(() => Promise.all(servers.map((server) => server.start())));
afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** A client of all servers, connected to each of them. */
async function connectAll(resilience: ResilienceSettings) {
  const address = `ipv4:${servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;
  const channelOptions = { "grpc.use_local_subchannel_pool": 1 };
  const client = new EchoClient(address, { ...patience, channelOptions, resilience });
  const before = servers.map(({ arrived }) => arrived);
  while (servers.some(({ arrived }, index) => arrived === before[index])) await client.unary({});
  return client;
}

/** Calls one after the other. @returns the errors */
async function errorsOf(client: EchoClient, calls: number): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (let call = 0; call < calls; call += 1) {
    await client.unary({}).catch((error: unknown) => errors.push(error));
  }
  return errors;
}

test("a sick server is left out, and no call fails after that", async () => {
  const [sick] = servers;
  if (sick === undefined) throw new Error("no server");
  const client = await connectAll({
    retry: false,
    outlierEjection: { intervalMs: 200, ejectionMs: 60_000, minCalls: 5 },
  });
  sick.fails = true;
  try {
    await expect.poll(async () => (await errorsOf(client, 30)).length, { timeout: 20_000 }).toBe(0);
    const before = sick.arrived;
    expect(await errorsOf(client, 100)).toEqual([]);
    expect(sick.arrived).toBe(before);
  } finally {
    sick.fails = false;
    client.close();
  }
});

test("a slow server does not make calls slow that are hedged", async () => {
  const [slow] = servers;
  if (slow === undefined) throw new Error("no server");
  const loadBalancing = "round_robin";
  const hedged = await connectAll({
    loadBalancing,
    hedging: { methods: [unary], delayMs: 30 },
  });
  const plain = await connectAll({ loadBalancing });
  slow.delayMs = 2_000;
  const longest = async (client: EchoClient) => {
    const times: number[] = [];
    for (let call = 0; call < 12; call += 1) {
      const start = performance.now();
      await client.unary({});
      times.push(performance.now() - start);
    }
    return Math.max(...times);
  };
  try {
    expect(await longest(plain)).toBeGreaterThan(1_900);
    expect(await longest(hedged)).toBeLessThan(1_900);
  } finally {
    slow.delayMs = 0;
    hedged.close();
    plain.close();
  }
});

test("a server that leaves and one that joins lose no call", async () => {
  const [leaving] = servers;
  if (leaving === undefined) throw new Error("no server");
  const client = await connectAll({
    loadBalancing: "round_robin",
    retry: { methods: [unary], initialBackoffMs: 10 },
  });
  const { port } = leaving;
  let over = false;
  const calls = Promise.all(
    Array.from({ length: 8 }, async () => {
      let errors = 0;
      while (!over) errors += (await errorsOf(client, 1)).length;
      return errors;
    }),
  );
  await leaving.stop();
  const joined = new Server();
  await joined.start(port);
  await expect.poll(() => joined.arrived, { timeout: 20_000 }).toBeGreaterThan(0);
  over = true;
  expect(await calls).toEqual(Array(8).fill(0));
  client.close();
  await joined.stop();
  await leaving.start(port);
});

describe("settings that make no sense", () => {
  const make = (resilience: ResilienceSettings) => () =>
    createChannel("127.0.0.1:1", { resilience, services: [echoDefinition] });

  test.each<[Partial<HedgingSettings>, RegExp]>([
    [{ delayMs: 0 }, /^hedging: delayMs must be more than 0, not 0$/],
    [{ maxAttempts: 6 }, /^hedging: maxAttempts must be an integer of 2 to 5, not 6$/],
    [{ methods: ["Unary"] }, /^hedging: there is no method Unary, only runtime\.test\.Echo\//],
  ])("hedging %o", (settings, text) => {
    expect(make({ hedging: { methods: [unary], delayMs: 10, ...settings } })).toThrow(text);
  });

  test.each<OutlierEjectionSettings>([
    { intervalMs: 0 },
    { ejectionMs: Number.NaN },
    { maxEjectedPercent: 101 },
    { failurePercent: 0 },
    { minCalls: 1.5 },
    { minServers: -1 },
  ])("outlierEjection %o", (outlierEjection) => {
    const [name] = Object.keys(outlierEjection);
    expect(make({ outlierEjection })).toThrow(new RegExp(`^outlierEjection: ${name} must be `));
  });

  test("ejection with pick_first, which uses one server", () => {
    const settings: ResilienceSettings = { outlierEjection: {}, loadBalancing: "pick_first" };
    expect(make(settings)).toThrow("outlierEjection needs several servers");
  });
});

test("a hedged method is not retried, and others are", () => {
  const { methodConfig } = serviceConfig({
    own: undefined,
    services: [echoDefinition],
    retry: { methods: [unary, "runtime.test.Echo/Bidi"] },
    hedging: { methods: [unary], delayMs: 10 },
  });
  expect(methodConfig).toMatchObject([
    { name: [{ method: "Unary" }], hedgingPolicy: { hedgingDelay: "0.010s" } },
    { name: [{ method: "Bidi" }], retryPolicy: { maxAttempts: 4 } },
  ]);
});
