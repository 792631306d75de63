import type { Goal, Section } from "../goals.ts";
import type { MeasuredProcess } from "./harness/process.ts";
import { interleave, pairedRatio, type Rounds, type Slice } from "./harness/rounds.ts";
import { roundsTable } from "./report.ts";
import { type Run, type Server, startLoad, type Usage, withServers } from "./run.ts";
import { baseline, type StackName } from "./stacks.ts";

/** Messages of a call. */
const count = 10_000;

/** Peers that carry messages on grpc-js. */
const grpcJsPeers: readonly StackName[] = [
  "grpc-js + proto-loader",
  "grpc-js + ts-proto",
  "grpc-js + protobuf-es",
  "nice-grpc",
  "NestJS",
];

/** How many times the messages of the best such peer ours has to carry, and of connect-node. */
const patterns = {
  "server streaming": { least: 6, ofConnect: 4 },
  bidi: { least: 4, ofConnect: 4 },
  "client streaming": { least: 1.3, ofConnect: 1.3 },
} as const;

/** Calls that carry 10 000 messages, one after the other. */
export async function benchStreams(run: Run): Promise<Section[]> {
  // The price of a chain is one of calls: see unary.
  const measured = run.stacks.filter(({ name }) => name !== "ours, 5 empty interceptors");
  const load = await startLoad(run);
  try {
    return await withServers(run, measured, async (servers) => {
      const sections: Section[] = [];
      for (const [pattern, bounds] of Object.entries(patterns)) {
        console.error(`${pattern}: ${servers.size} servers`);
        const contenders = [...servers].map(([name, processes]) => ({
          name,
          processes: processes.map((server) => () => slice(load, server, pattern, run.seconds)),
        }));
        const rounds = await interleave(contenders, run.rounds);
        sections.push({
          title: `Messages by ${pattern}, ${count} a call`,
          table: roundsTable(
            rounds,
            measured.map(({ name }) => name),
            baseline,
          ),
          goals: goalsOf(rounds, pattern, bounds),
        });
      }
      return sections;
    });
  } finally {
    await load.stop();
  }
}

/** Ours against the best of the peers on grpc-js, and against connect-node. */
function goalsOf(
  rounds: Rounds,
  pattern: string,
  { least, ofConnect }: { readonly least: number; readonly ofConnect: number },
): Goal[] {
  const ratios = grpcJsPeers
    .map((peer) => ({ peer, ratio: pairedRatio(rounds, "ours", peer, "rate") }))
    .filter(({ ratio }) => !Number.isNaN(ratio))
    .sort((a, b) => a.ratio - b.ratio);
  const [best = { peer: "grpc-js", ratio: Number.NaN }] = ratios;
  const connect = pairedRatio(rounds, "ours", "connect-node", "rate");
  return [
    { what: `${pattern}, messages: ${best.peer}, the best`, measured: best.ratio, least },
    { what: `${pattern}, messages: connect-node`, measured: connect, least: ofConnect },
  ];
}

async function slice(
  load: MeasuredProcess<null>,
  server: Server,
  pattern: string,
  seconds: number,
): Promise<Slice> {
  const before = await server.ask<Usage>("usage");
  const { messages, ms } = await load.ask<{ readonly messages: number; readonly ms: number }>(
    "run",
    { ...server.ready, pattern, count, ms: seconds * 1000 },
  );
  const after = await server.ask<Usage>("usage");
  return { rate: (messages / ms) * 1000, cpuUs: (after.cpuUs - before.cpuUs) / messages };
}
