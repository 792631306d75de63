import { join } from "node:path";
import { table } from "../../tooling/table.ts";
import type { Section } from "../goals.ts";
import { median } from "../median.ts";
import { startProcess } from "./harness/process.ts";
import { loadCore, type Run, startServer, type Usage } from "./run.ts";
import { baseline, type Stack, type StackName } from "./stacks.ts";

/** Those that wait for slow readers in this bench; what the others do is in bench/reliability. */
const measured: readonly StackName[] = [baseline, "nice-grpc", "connect-node", "ours"];

const stream = { chunks: 1_000_000, chunkBytes: 1024 };
const warmUp = { chunks: 30_000, chunkBytes: 1024 };
const readers = 50;
const watchMs = 3000;

/** What the memory of a server grows by for a reader of a long stream who does not read. */
export async function benchStalled(run: Run): Promise<Section> {
  const growth = new Map<StackName, number>();
  for (const stack of run.stacks.filter(({ name }) => measured.includes(name))) {
    console.error(`stalled reader: ${stack.name}`);
    const samples: number[] = [];
    while (samples.length < Math.min(run.rounds, 3)) samples.push(await grownBy(run, stack));
    growth.set(stack.name, median(samples));
  }
  return {
    title: `Stalled readers of 1 000 000 messages of 1 KiB, ${readers} at once`,
    table: table(
      ["", "MB each"],
      [...growth].map(([name, megabytes]) => [name, megabytes.toFixed(2)]),
    ),
    goals: [
      {
        what: "stalled reader: memory of the server",
        measured: growth.get("ours") ?? Number.NaN,
        most: 5,
        unit: "MB",
      },
    ],
  };
}

/** The peak over the time for each of the readers, in a process of its own. */
async function grownBy(run: Run, stack: Stack): Promise<number> {
  const server = await startServer(run, stack);
  const client = await startProcess<null>(join(run.folder, "stalled-readers.mjs"), {
    core: loadCore,
  });
  try {
    const { port } = server.ready;
    const memory = async () => (await server.ask<Usage>("usage")).rss / 1024 ** 2;
    // A heap grows to its working size with the first streams, whoever reads them.
    for (let run = 0; run < 3; run += 1) await client.ask("read", { port, ...warmUp });
    const before = await memory();
    for (let opened = 0; opened < readers; opened += 1) {
      await client.ask("stall", { port, ...stream });
    }
    let peak = before;
    for (const end = performance.now() + watchMs; performance.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      peak = Math.max(peak, await memory());
    }
    return (peak - before) / readers;
  } finally {
    await Promise.all([server.stop(), client.stop()]);
  }
}
