import { describe, expect, test } from "vitest";
import { implement } from "../../../runtime/src/index.ts";
import { GrpcServer, type GrpcServerOptions } from "../../../runtime/src/server/index.ts";
import type { EchoClient } from "../gen/echo_client.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, collect, connect, signpost } from "../support/echo.ts";

const runningMs = 1_200;

const pause = () => new Promise((resolve) => setTimeout(resolve, runningMs));

/** A server whose calls take a while; `running` resolves when `count` of them run. */
async function startSlow(limits: GrpcServerOptions["limits"] & object, count: number) {
  const { reached: running, reach } = signpost();
  let started = 0;
  const work = async () => {
    started += 1;
    if (started === count) reach();
    await pause();
    return { text: "done" };
  };
  const handlers: EchoHandlers = {
    unary: work,
    clientStream: work,
    async *serverStream() {
      yield { text: "first" };
      yield await work();
    },
    async *bidi() {
      yield { text: "first" };
      yield await work();
    },
  };
  const server = new GrpcServer({ services: [implement(echoDefinition, handlers)], limits });
  const port = await server.listen("127.0.0.1:0");
  cleanUp(() => server.stop(0));
  return { server, running, address: `127.0.0.1:${port}` };
}

/** Makes a call of each pattern; resolves with the texts of their responses. */
async function callAll(client: EchoClient): Promise<string[][]> {
  const replies = await Promise.all([
    client.unary({}).then((reply) => [reply]),
    collect(client.serverStream({})),
    client.clientStream([{}]).then((reply) => [reply]),
    collect(client.bidi([{}])),
  ]);
  return replies.map((messages) => messages.map(({ text }) => text));
}

const all = [["done"], ["first", "done"], ["done"], ["first", "done"]];

describe.each([100, 500])("pings every %i ms", (pingMs) => {
  const serverPings = { keepaliveTimeMs: pingMs, keepaliveTimeoutMs: 10_000 };
  const clientPings = { "grpc.keepalive_time_ms": pingMs, "grpc.keepalive_timeout_ms": 10_000 };

  test.each([
    ["the server", serverPings, {}],
    ["the client", { keepaliveTimeMs: 0 }, clientPings],
    ["both", serverPings, clientPings],
  ])("of %s lose no call of a server that stops", async (_who, limits, channelOptions) => {
    const { server, running, address } = await startSlow(limits, 4);
    const calls = callAll(connect(address, { resilience: { retry: false }, channelOptions }));
    await running;
    const stopped = server.stop(10_000);
    expect(await calls).toEqual(all);
    await stopped;
  });

  test.each([
    ["the server", serverPings, {}],
    ["the client", { keepaliveTimeMs: 0 }, clientPings],
  ])("of %s lose no call of a connection that is too old", async (_who, pings, channelOptions) => {
    const limits = { ...pings, maxConnectionAgeMs: 200, maxConnectionAgeGraceMs: 10_000 };
    const { address } = await startSlow(limits, 4);
    const client = connect(address, { resilience: { retry: false }, channelOptions });
    expect(await callAll(client)).toEqual(all);
  });
});
