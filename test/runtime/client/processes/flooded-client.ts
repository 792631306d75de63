import { setTimeout as sleep } from "node:timers/promises";
import { createChannel } from "../../../../runtime/src/client/index.ts";
import { EchoClient } from "../../gen/echo_client.ts";

/**
 * Is slower than a server for some seconds, and reports how much memory that takes: in the end, for
 * which it waits until it is below the limit given, and at most.
 */
const [mode = "", address = "", quietAddress = "", limit = ""] = process.argv.slice(2);
const limitBytes = Number(limit);
const durationMs = 3_000;
const settlingMs = 30_000;
/** Messages read or yielded that make it a flood. */
const minMoved = 51;
const message = { data: new Uint8Array(1024) };
const stop = new AbortController();
const { signal } = stop;
let moved = 0;

function* endless() {
  for (;;) {
    moved += 1;
    yield message;
  }
}

function* endlessTiny() {
  for (;;) {
    moved += 1;
    yield {};
  }
}

async function readSlowly(replies: AsyncIterable<unknown>): Promise<void> {
  for await (const _reply of replies) {
    moved += 1;
    await sleep(5);
  }
}

const client = new EchoClient(createChannel(address), { streamTimeoutMs: 0 });
const modes: Record<string, () => Promise<unknown>> = {
  "reads slowly": () => readSlowly(client.serverStream({}, { signal })),
  "bidi, reads slowly": () => readSlowly(client.bidi([], { signal })),
  "bidi, never reads": async () => {
    const replies = client.bidi(endless(), { signal })[Symbol.asyncIterator]();
    await replies.next();
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await replies.return?.();
  },
  "sends without an end": () => client.clientStream(endless(), { signal }),
  "sends tiny messages without an end": () => client.clientStream(endlessTiny(), { signal }),
  "bidi, sends without an end": () => readSlowly(client.bidi(endless(), { signal })),
};

/** Longest time that a call to another server took meanwhile. */
async function watchCalls(): Promise<number> {
  const quiet = new EchoClient(quietAddress, { unaryTimeoutMs: 60_000 });
  let longest = 0;
  while (!signal.aborted) {
    const start = performance.now();
    await quiet.unary({});
    longest = Math.max(longest, performance.now() - start);
    await sleep(20);
  }
  quiet.close();
  return longest;
}

const warmUp = new EchoClient(quietAddress, { unaryTimeoutMs: 60_000 });
for (let round = 0; round < 200; round += 1) await warmUp.unary(message);
warmUp.close();
const inUse = () => {
  global.gc?.();
  return process.memoryUsage.rss();
};
const before = inUse();
let peak = before;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50);
const calls = watchCalls();
const run = modes[mode]?.().catch(() => {});
await sleep(durationMs);
while (moved < minMoved) await sleep(50);
// V8 needs a while to give back a young generation that has grown.
const settled = performance.now() + settlingMs;
while (inUse() - before >= limitBytes && performance.now() < settled) await sleep(250);
const growth = inUse() - before;
stop.abort();
await run;
clearInterval(sampler);
const longestCallMs = await calls;
const report = { growth, peakGrowth: peak - before, moved, longestCallMs };
process.send?.(report, () => process.exit(0));
