import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { bestOf } from "../support/best-of.ts";
import { rawCall } from "../support/raw-call.ts";
import { longestCallAtBest, type Wait } from "./longest-call.ts";
import { expectGrowth } from "./memory-growth.ts";
import { startProcess } from "./server-process.ts";

const megabyte = 1024 * 1024;

/** Request for this number of replies: field 2, varint. */
function asking(count: number): Buffer {
  const bytes = [0x10];
  let rest = count;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

const callers: Record<string, { maxGrowth: number; start(port: number): Promise<unknown> }> = {
  "1 000 000 messages of 1 KiB for a stalled reader": {
    maxGrowth: 32 * megabyte,
    start: async (port) => {
      const call = rawCall(port, "/runtime.test.Echo/ServerStream", { read: false });
      call.send(asking(1_000_000));
      call.end();
      await call.headers;
    },
  },
  "a bidirectional echo whose caller never reads": {
    maxGrowth: 64 * megabyte,
    start: async (port) => {
      const call = rawCall(port, "/runtime.test.Echo/Bidi", { read: false });
      // 1 KiB in field 3. All that the windows of HTTP/2 let through, again and again.
      const message = Buffer.concat([Buffer.from([0x1a, 0x80, 0x08]), Buffer.alloc(1024)]);
      const batch = Array.from({ length: 1_000 }, () => message);
      const pump = setInterval(() => {
        if (call.pending < 4 * megabyte) call.send(...batch);
      }, 1);
      call.outcome.then(() => clearInterval(pump));
      await call.headers;
    },
  },
};

/**
 * What calls of others may wait meanwhile, in milliseconds: what we promise, for what the server
 * does; several times that for a busy machine.
 */
const maxWait: Wait = { work: 50, clock: 500 };

describe.each(["own", "plain"] as const)("%s server", { timeout: 120_000 }, (kind) => {
  test.each(Object.entries(callers))("%s", async (_what, { maxGrowth, start }) => {
    const server = await startProcess({ kind });
    // Warm, so that what calls cost in any case is there before.
    await longestCallAtBest(server, maxWait);
    const before = await server.report();
    await start(server.port);
    // As long as it takes to send and to gather what is not held up.
    await delay(2_000);
    const wait = await longestCallAtBest(server, maxWait);
    expect(wait.work).toBeLessThan(maxWait.work);
    expect(wait.clock).toBeLessThan(maxWait.clock);
    const after = await expectGrowth(server, before, maxGrowth);
    expect(after.running).toBeGreaterThan(0);
  });

  test("a stream whose caller has gone leaves no handler behind", async () => {
    const server = await startProcess({ kind });
    /** Waits until this number of handlers runs. Resolves with the milliseconds that took. */
    const untilRunning = async (count: number) => {
      const before = performance.now();
      while ((await server.report()).running !== count);
      return performance.now() - before;
    };
    const took = await bestOf(1_000, async () => {
      const calls = ["ServerStream", "Bidi", "ClientStream"].map((method) => {
        const call = rawCall(server.port, `/runtime.test.Echo/${method}`, { read: false });
        call.send(asking(1_000_000));
        if (method === "ServerStream") call.end();
        return call;
      });
      await untilRunning(3);
      for (const call of calls) call.session.destroy();
      return await untilRunning(0);
    });
    expect(took).toBeLessThan(1_000);
  });
});
