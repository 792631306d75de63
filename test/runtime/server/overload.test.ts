import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { retryDelayOf } from "../../../runtime/src/client/index.ts";
import { HealthClient } from "../../../runtime/src/health/client.ts";
import { HealthRegistry } from "../../../runtime/src/health/index.ts";
import { GrpcError, implement, type ServerLimits } from "../../../runtime/src/index.ts";
import { GrpcServer, type Overload } from "../../../runtime/src/server/index.ts";
import { type EchoHandlers, echoDefinition } from "../gen/echo_grpc.ts";
import { cleanUp, connect, signpost, until } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import { startProcess } from "./server-process.ts";

async function start(handlers: Partial<EchoHandlers>, limits: Partial<ServerLimits>) {
  const overloads: Overload[] = [];
  const health = new HealthRegistry();
  health.set("", "SERVING");
  const server = new GrpcServer({
    services: [implement(echoDefinition, handlers), health.registration()],
    limits,
    onOverload: (overload) => overloads.push(overload),
  });
  cleanUp(() => server.stop(0));
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  const probes = new HealthClient(address);
  cleanUp(() => probes.close());
  const client = connect(address, { resilience: { retry: false } });
  return { client, address, probes, overloads };
}

/** The error of a call; undefined if it succeeds. */
function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("calls that cannot start in time are turned away, and health checks are not", async () => {
  let running = 0;
  let most = 0;
  const unary: EchoHandlers["unary"] = async () => {
    running += 1;
    most = Math.max(most, running);
    await delay(50);
    running -= 1;
    return {};
  };
  const { client, probes, overloads } = await start(
    { unary },
    { maxRunningCalls: 5, maxWaitMs: 100 },
  );
  const paths: unknown[] = [];
  const onShed = (message: unknown) => paths.push(message);
  subscribe("grpc-service.server.shed", onShed);
  cleanUp(() => void unsubscribe("grpc-service.server.shed", onShed));
  const calls = Array.from({ length: 500 }, () => errorOf(client.unary({})));
  await probes.check({});
  const errors = (await Promise.all(calls)).filter((error) => error !== undefined);
  expect(most).toBe(5);
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.length).toBeLessThan(500);
  for (const error of errors) {
    expect(error).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      rawMessage: "the server is overloaded, try again later",
    });
    expect(retryDelayOf(error)).toBe(1_000);
  }
  expect(overloads).toEqual([{ shed: 1 }]);
  expect(paths).toEqual(Array(errors.length).fill({ path: "/runtime.test.Echo/Unary" }));
  // Afterwards all is well.
  await client.unary({});
});

test("health checks do not wait for others", async () => {
  const gate = signpost();
  let started = false;
  const unary: EchoHandlers["unary"] = async () => {
    started = true;
    await gate.reached;
    return {};
  };
  const { client, probes } = await start({ unary }, { maxRunningCalls: 1 });
  const calls = [client.unary({}), client.unary({})];
  await until(() => started);
  await probes.check({});
  gate.reach();
  await Promise.all(calls);
});

test("streams do not count", async () => {
  const gate = signpost();
  let started = 0;
  const bidi: EchoHandlers["bidi"] = async function* () {
    started += 1;
    await gate.reached;
    yield {};
  };
  const { client } = await start({ bidi, unary: async () => ({}) }, { maxRunningCalls: 1 });
  const streams = Array.from({ length: 3 }, async () => {
    for await (const _reply of client.bidi([]));
  });
  await until(() => started === 3);
  await client.unary({});
  gate.reach();
  await Promise.all(streams);
});

test("a server that has too much to compute goes on to serve as many as it can", {
  timeout: 60_000,
}, async () => {
  const server = await startProcess({ kind: "own" });
  const client = connect(server.address, { resilience: { retry: false }, unaryTimeoutMs: 2_000 });
  await client.unary({});
  const calls: Promise<unknown>[] = [];
  // Six times what it can do.
  for (let round = 0; round < 150; round += 1) {
    for (let call = 0; call < 8; call += 1) {
      calls.push(errorOf(client.unary({ text: "compute", number: 15 })));
    }
    await delay(20);
  }
  const codes = (await Promise.all(calls)).map((error) =>
    error === undefined ? "OK" : GrpcError.from(error).code,
  );
  const served = codes.filter((code) => code === "OK").length;
  // 200 in three seconds, on a machine that does nothing else.
  expect(served).toBeGreaterThan(50);
  expect(codes).toContain("RESOURCE_EXHAUSTED");
  const late = codes.filter((code) => code === "DEADLINE_EXCEEDED").length;
  expect(late).toBeLessThan(served);
});

test("callers that do not take their answers hold up no others", { timeout: 60_000 }, async () => {
  const data = new Uint8Array(1024 * 1024);
  const unary: EchoHandlers["unary"] = async ({ text }) => (text === "large" ? { data } : {});
  const { client, address } = await start({ unary }, { maxRunningCalls: 4, maxWaitMs: 20_000 });
  const { port } = new URL(`http://${address}`);
  for (let call = 0; call < 4; call += 1) {
    const stalled = rawCall(Number(port), "/runtime.test.Echo/Unary", { read: false });
    stalled.send(Buffer.from([0x0a, 5, ...Buffer.from("large")]));
    stalled.end();
    await stalled.headers;
  }
  const startMs = performance.now();
  await client.unary({});
  expect(performance.now() - startMs).toBeLessThan(15_000);
});
