import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { GrpcServer } from "../../../runtime/src/server/index.ts";
import { bestOf, took } from "../support/best-of.ts";
import { startChild } from "../support/child.ts";
import { cleanUp, connect, failure, startEcho, until } from "../support/echo.ts";
import { freePort } from "../support/free-port.ts";
import { callOf, kinds } from "./support/calls.ts";

/** 6 seconds. */
const outage = { rounds: 24, intervalMs: 250 };
const maxRecoveryMs = 1_500;

/** Milliseconds from a server's return, after 6 seconds with calls that wait, to the first answer. */
async function recovery(host: string): Promise<number> {
  const port = String(await freePort());
  const first = startChild(new URL("./processes/echo-server.ts", import.meta.url), port);
  await first.next();
  const client = connect(`${host}:${port}`, { waitForReady: true });
  await client.unary({});
  await first.kill();
  // Calls that are on their way when the connection drops do not wait: the client has to know of it.
  await failure(client.unary({}, { waitForReady: false }));

  const outcomes: Promise<unknown>[] = [];
  let answered = 0;
  for (let round = 0; round < outage.rounds; round += 1) {
    for (const kind of kinds) outcomes.push(callOf(client, kind).then(() => answered++));
    await delay(outage.intervalMs);
  }
  expect(answered).toBe(0);

  const second = startChild(new URL("./processes/echo-server.ts", import.meta.url), port);
  await second.next();
  const ms = await took(client.unary({}));
  await Promise.all(outcomes);
  await second.kill();
  return ms;
}

describe("a server that is killed and comes back after 6 s", () => {
  test.each(["127.0.0.1", "localhost"])(
    "%s: no call that waits fails, and calls succeed again within 1.5 s",
    { timeout: 180_000 },
    async (host) => {
      expect(await bestOf(maxRecoveryMs, () => recovery(host))).toBeLessThan(maxRecoveryMs);
    },
  );

  test("calls that do not wait fail at once", async () => {
    const { address, close } = await startEcho({});
    await close();
    const client = connect(address, { waitForReady: true });
    for (const kind of kinds) {
      const error = await failure(callOf(client, kind, { waitForReady: false }));
      expect(error).toMatchObject({ code: "UNAVAILABLE" });
    }
  });
});

describe("waiting", () => {
  test.each(kinds)("%s: ends with the deadline", async (kind) => {
    const { address, close } = await startEcho({});
    await close();
    const call = callOf(connect(address), kind, { waitForReady: true, timeoutMs: 100 });
    expect(await failure(call)).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test.each(kinds)("%s: ends with the caller's signal", async (kind) => {
    const { address, close } = await startEcho({});
    await close();
    const signal = AbortSignal.timeout(50);
    const call = callOf(connect(address), kind, { waitForReady: true, signal, timeoutMs: 0 });
    expect(await failure(call)).toMatchObject({ code: "CANCELLED" });
  });

  test("ends when the channel is closed", async () => {
    const { address, close } = await startEcho({});
    await close();
    const client = connect(address);
    const outcomes = kinds.map((kind) => failure(callOf(client, kind, { waitForReady: true })));
    await until(() => true);
    client.close();
    for (const outcome of outcomes) expect(await outcome).toMatchObject({ code: "UNAVAILABLE" });
  });
});

test("a client may wait for longer than a timer can hold", async () => {
  const port = await freePort();
  const ready = connect(`127.0.0.1:${port}`).waitForReady(2 ** 32);
  ready.catch(() => {});
  await delay(50);
  const server = new GrpcServer({ services: [] });
  cleanUp(() => server.stop(0));
  await server.listen(`127.0.0.1:${port}`);
  await ready;
});
