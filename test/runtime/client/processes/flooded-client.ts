import { setTimeout as sleep } from "node:timers/promises";
import { createChannel } from "../../../../templates/runtime/index.ts";
import { EchoClient } from "../../gen/echo_grpc.ts";

/** Is slower than a server for some seconds, and tells how much memory that took. */
const [mode = "", address = "", quietAddress = ""] = process.argv.slice(2);
const durationMs = 3_000;
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
    await sleep(durationMs);
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

const warmUp = new EchoClient(quietAddress);
for (let round = 0; round < 200; round += 1) await warmUp.unary(message);
warmUp.close();
global.gc?.();
const before = process.memoryUsage.rss();
let peak = before;
const sampler = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50);
const calls = watchCalls();
const run = modes[mode]?.().catch(() => {});
await sleep(durationMs);
stop.abort();
await run;
clearInterval(sampler);
const longestCallMs = await calls;
process.send?.({ growth: peak - before, moved, longestCallMs }, () => process.exit(0));
