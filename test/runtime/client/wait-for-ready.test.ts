import { describe, expect, test } from "vitest";
import { connect, failure, startEcho, until } from "../support/echo.ts";
import { callOf, kinds } from "./support/calls.ts";
import { startChild } from "./support/child.ts";

const outageMs = 6_000;

describe("a server that is killed and comes back after 6 s", () => {
  test.each(["127.0.0.1", "localhost"])(
    "%s: no call that waits fails, and calls succeed again within 1.5 s",
    { timeout: 60_000 },
    async (host) => {
      const first = startChild("echo-server");
      const port = String(await first.next());
      const client = connect(`${host}:${port}`, {
        waitForReady: true,
        unaryTimeoutMs: 20_000,
        streamTimeoutMs: 20_000,
      });
      await client.unary({});
      await first.kill();

      const outcomes: Promise<unknown>[] = [];
      let answered = 0;
      const begin = performance.now();
      while (performance.now() - begin < outageMs) {
        for (const kind of kinds) {
          outcomes.push(callOf(client, kind).then(() => answered++));
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      expect(answered).toBe(0);

      const second = startChild("echo-server", port);
      await second.next();
      const back = performance.now();
      await client.unary({});
      expect(performance.now() - back).toBeLessThan(1_500);
      await Promise.all(outcomes);
      expect(outcomes.length).toBeGreaterThan(40);
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
