import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Goal, Section } from "../goals.ts";
import { h2load, requireH2load } from "./h2load.ts";
import { interleave, pairedRatio, type Slice } from "./harness/rounds.ts";
import { roundsTable } from "./report.ts";
import { type Run, type Server, startLoad, type Usage, withServers } from "./run.ts";
import { baseline, type StackName } from "./stacks.ts";

const path = "/bench.Users/GetUser";
const inFlight = 32;

/** Without a codec. */
const bytes: StackName = "grpc-js, bytes";

/** What an emitted server must be ahead of, and how much. */
const peers: readonly StackName[] = [
  "grpc-js + proto-loader",
  "grpc-js + ts-proto",
  "grpc-js + protobuf-es",
  "nice-grpc",
  "connect-node",
  "NestJS",
];
const least = 1.15;

/** Unary calls, 32 in flight on one connection. */
export async function benchUnary(run: Run): Promise<Section> {
  await requireH2load();
  const body = join(run.folder, "get-user.bin");
  // A message of two bytes: field 1 is 42.
  await writeFile(body, Buffer.of(0, 0, 0, 0, 2, 0x08, 42));
  const rounds = await withServers(run, run.stacks, async (servers) => {
    await checkReplies(run, servers);
    const contenders = [...servers].map(([name, processes]) => ({
      name,
      processes: processes.map((server) => () => slice(server, body, run.seconds)),
    }));
    console.error(`unary: ${contenders.length} servers`);
    const measured = await interleave(contenders, run.rounds);
    await checkReplies(run, servers);
    return measured;
  });
  const to = (name: StackName, other: StackName) => pairedRatio(rounds, name, other, "rate");
  const goals: Goal[] = [
    { what: `unary, throughput: ${bytes}`, measured: to("ours", bytes), least: 1.15 },
    { what: `unary, as emitted: ${bytes}`, measured: to("ours, as emitted", bytes), least: 1 },
    ...peers.map((peer) => {
      return { what: `unary, as emitted: ${peer}`, measured: to("ours, as emitted", peer), least };
    }),
    {
      what: "unary, throughput with 5 interceptors: ours without",
      measured: to("ours, 5 interceptors", "ours"),
      least: 0.93,
    },
  ];
  const names = run.stacks.map(({ name }) => name);
  return {
    title: `Unary calls, ${inFlight} in flight`,
    table: roundsTable(rounds, names, baseline),
    goals,
  };
}

async function slice(server: Server, body: string, seconds: number): Promise<Slice> {
  const before = await server.ask<Usage>("usage");
  const { requests, rate } = await h2load({
    ...server.ready,
    path,
    body,
    seconds,
    inFlight,
  });
  const after = await server.ask<Usage>("usage");
  return { rate, cpuUs: (after.cpuUs - before.cpuUs) / requests };
}

/** h2load would not notice an error: its HTTP status is 200, too. */
async function checkReplies(
  run: Run,
  servers: ReadonlyMap<StackName, readonly Server[]>,
): Promise<void> {
  const load = await startLoad(run);
  try {
    const replies = new Map<string, StackName>();
    for (const [name, [server]] of servers) {
      const call = { ...server?.ready, pattern: "unary", count: 1 };
      replies.set((await load.ask<{ readonly last: string }>("call", call)).last, name);
    }
    if (replies.size > 1) {
      throw new Error(`not the same reply: ${[...replies.values()].join(", ")}`);
    }
  } finally {
    await load.stop();
  }
}
