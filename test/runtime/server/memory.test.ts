import { describe, expect, test } from "vitest";
import { connect } from "../support/echo.ts";
import { rawCall } from "../support/raw-call.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

const megabyte = 1024 * 1024;

/** Request for so many replies: field 2, varint. */
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

/** Longest call of another client in each of a few periods; the best period, in milliseconds. */
async function wait({ address }: ServerProcess): Promise<number> {
  const client = connect(address, { unaryTimeoutMs: 10_000 });
  let best = Number.POSITIVE_INFINITY;
  for (let period = 0; period < 6; period += 1) {
    let longest = 0;
    for (const end = performance.now() + 400; performance.now() < end; ) {
      const before = performance.now();
      await client.unary({ text: "x" });
      longest = Math.max(longest, performance.now() - before);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    best = Math.min(best, longest);
  }
  return best;
}

describe.each(["own", "plain"] as const)("%s server", (kind) => {
  test.each(Object.entries(callers))("%s", async (_what, { maxGrowth, start }) => {
    const server = await startProcess({ kind });
    await wait(server);
    const before = await server.report();
    await start(server.port);
    const longest = await wait(server);
    const after = await server.report();
    expect(after.running).toBeGreaterThan(0);
    expect(after.rss - before.rss).toBeLessThan(maxGrowth);
    expect(longest).toBeLessThan(50);
  });

  test("a stream whose caller has gone leaves no handler behind", async () => {
    const server = await startProcess({ kind });
    const calls = ["ServerStream", "Bidi", "ClientStream"].map((method) => {
      const call = rawCall(server.port, `/runtime.test.Echo/${method}`, { read: false });
      call.send(asking(1_000_000));
      if (method === "ServerStream") call.end();
      return call;
    });
    let running = 0;
    const look = async () => {
      ({ running } = await server.report());
    };
    await look();
    while (running < 3) await look();
    for (const call of calls) call.session.destroy();
    const before = performance.now();
    while (running > 0) await look();
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
