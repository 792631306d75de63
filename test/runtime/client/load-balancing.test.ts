import { describe, expect, test } from "vitest";
import type { AddressOptions } from "../../../runtime/src/client/index.ts";
import type { RunningServer } from "../support/drivers.ts";
import { connect, startEcho } from "../support/echo.ts";

interface Counted extends RunningServer {
  arrived(): number;
}

async function startCounted(): Promise<Counted> {
  let arrived = 0;
  const server = await startEcho({
    handlers: {
      unary: async () => {
        arrived += 1;
        return {};
      },
    },
  });
  return { ...server, arrived: () => arrived };
}

/** Calls until every server has had a call, then this number of times. */
async function call(address: string, options: AddressOptions, times: number, servers: Counted[]) {
  const client = connect(address, options);
  // Connections come up one after the other.
  do await client.unary({});
  while (
    options.resilience?.loadBalancing === "round_robin" &&
    servers.some((s) => s.arrived() === 0)
  );
  const before = servers.map((server) => server.arrived());
  for (let round = 0; round < times; round += 1) await client.unary({});
  return servers.map((server, index) => server.arrived() - (before[index] ?? 0));
}

describe("a list of addresses", () => {
  test("round_robin takes turns, and goes on with those that are left", async () => {
    const servers = [await startCounted(), await startCounted()];
    const address = `ipv4:${servers.map((server) => server.address).join(",")}`;
    const options: AddressOptions = { resilience: { loadBalancing: "round_robin" } };
    expect(await call(address, options, 20, servers)).toEqual([10, 10]);
    await servers[0]?.close();
    const left = servers.slice(1);
    expect(await call(address, options, 20, left)).toEqual([20]);
  });

  test("pick_first, the default, stays with one", async () => {
    const servers = [await startCounted(), await startCounted()];
    const address = `ipv4:${servers.map((server) => server.address).join(",")}`;
    expect(await call(address, {}, 20, servers)).toEqual([20, 0]);
  });

  test("a service config of the user's own decides", async () => {
    const servers = [await startCounted(), await startCounted()];
    const address = `ipv4:${servers.map((server) => server.address).join(",")}`;
    const config = { loadBalancingConfig: [{ pick_first: {} }] };
    const channelOptions = { "grpc.service_config": JSON.stringify(config) };
    expect(await call(address, { channelOptions }, 20, servers)).toEqual([20, 0]);
  });
});

test("round_robin works over names", async () => {
  const server = await startCounted();
  const address = `dns:///localhost:${server.port}`;
  expect(
    await call(address, { resilience: { loadBalancing: "round_robin" } }, 5, [server]),
  ).toEqual([5]);
});
