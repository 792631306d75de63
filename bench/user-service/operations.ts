import { table } from "../../tooling/table.ts";
import type { Section } from "../goals.ts";
import { median } from "../median.ts";
import { interleave, pairedRatio, type Rounds, shuffled, typical } from "../rpc/harness/rounds.ts";
import type { Ready, Usage } from "../rpc/run.ts";
import { baseline, type ContenderName, contenders, ours, peers } from "./contenders.ts";
import type { Server, Setup } from "./servers.ts";

export interface Operation {
  /** In `programs/operations.mjs`. */
  readonly name: string;
  readonly title: string;
  /** Calls at the same time, on one connection. */
  readonly inFlight: number;
  /** Calls of each server before it is measured: code that is not compiled yet takes five times as long. */
  readonly warmUp: number;
}

interface Settings {
  /** Length of a slice. */
  readonly seconds: number;
  readonly rounds: number;
}

/** Calls a second, CPU time of a call in microseconds, and how long calls took, in milliseconds. */
interface Slice {
  readonly rate: number;
  readonly cpuUs: number;
  readonly p50: number;
  readonly p99: number;
}

/** What the load answers to `run`. */
type Answer = Readonly<Record<"calls" | "refused" | "ms" | "p50" | "p99", number>>;

export async function benchOperation(
  { servers, load }: Setup,
  operation: Operation,
  { seconds, rounds: count }: Settings,
): Promise<Section> {
  console.error(`${operation.name}: ${servers.length} servers`);
  const { name, inFlight, warmUp } = operation;
  let refusals = 0;
  for (const { process, database } of shuffled(servers)) {
    await database.reset();
    const target = await targetOf(process);
    await load.ask("run", { ...target, operation: name, inFlight, calls: warmUp });
  }
  const slice = async ({ process, database }: Server): Promise<Slice> => {
    await database.reset();
    const target = await targetOf(process);
    const before = await process.ask<Usage>("usage");
    const question = { ...target, operation: name, inFlight, ms: seconds * 1000 };
    const { calls, refused, ms, p50, p99 } = await load.ask<Answer>("run", question);
    refusals += refused;
    const after = await process.ask<Usage>("usage");
    return { rate: (calls / ms) * 1000, cpuUs: (after.cpuUs - before.cpuUs) / calls, p50, p99 };
  };
  const rounds = await interleave(
    contenders.map((contender) => ({
      name: contender.name,
      processes: servers
        .filter((server) => server.contender === contender)
        .map((server) => () => slice(server)),
    })),
    count,
  );
  if (refusals > 0) console.error(`${name}: ${refusals} calls were refused, and called again`);
  const [best, ratio] = toBest(rounds);
  return {
    title: `${operation.title}, ${inFlight} in flight`,
    table: operationTable(rounds),
    goals: [{ what: `${name}, throughput: ${best}, the best`, measured: ratio, least: 1.1 }],
  };
}

/** Where to call, with a token that has not expired. */
async function targetOf(process: Server["process"]): Promise<Ready> {
  const { port, token } = process.ready;
  return token === undefined ? { port } : { port, token: await process.ask<string>("token") };
}

/** Ours against the peer that it is least ahead of. */
function toBest(rounds: Rounds<Slice>): [peer: string, ratio: number] {
  const ratios = peers
    .map((peer): [string, number] => [peer, pairedRatio(rounds, ours, peer, "rate")])
    .filter(([, ratio]) => !Number.isNaN(ratio))
    .sort(([, a], [, b]) => a - b);
  return ratios[0] ?? ["a peer", Number.NaN];
}

/** A row for each contender: medians, and in parentheses their paired ratios to the baseline. */
function operationTable(rounds: Rounds<Slice>): string {
  const cell = (name: ContenderName, figure: keyof Slice) => {
    const value = typical(rounds, name, figure);
    if (Number.isNaN(value)) return "-";
    const ratio = pairedRatio(rounds, name, baseline, figure).toFixed(2);
    return `${value.toFixed(value < 20 ? 1 : 0)} (${ratio})`;
  };
  return table(
    [`(x ${baseline})`, "a second", "CPU us each", "p50 ms", "p99 ms"],
    contenders.map(({ name }) => [
      name,
      ...(["rate", "cpuUs", "p50", "p99"] as const).map((figure) => cell(name, figure)),
    ]),
  );
}

/** Resident memory of servers that have done all operations. */
export async function benchMemory({ servers }: Setup): Promise<Section> {
  const megabytes = new Map<ContenderName, number>();
  for (const contender of contenders) {
    const own = servers.filter((server) => server.contender === contender);
    const usages = await Promise.all(own.map(({ process }) => process.ask<Usage>("usage")));
    megabytes.set(contender.name, median(usages.map(({ rss }) => rss / 1024 ** 2)));
  }
  const of = (name: ContenderName) => megabytes.get(name) ?? Number.NaN;
  const [smallest = baseline] = [...peers].sort((a, b) => of(a) - of(b));
  return {
    title: "Resident memory after that",
    table: table(
      ["", "MB", `x ${baseline}`],
      contenders.map(({ name }) => [
        name,
        of(name).toFixed(0),
        (of(name) / of(baseline)).toFixed(2),
      ]),
    ),
    goals: [
      { what: `memory: ${smallest}, the smallest`, measured: of(ours) / of(smallest), most: 1.1 },
    ],
  };
}
