import { table } from "../../tooling/table.ts";
import type { Section } from "../goals.ts";
import { median } from "../median.ts";
import { shuffled } from "./harness/rounds.ts";
import { type Run, startServer, type Usage } from "./run.ts";
import { baseline, type Stack, type StackName } from "./stacks.ts";

interface Start {
  /** From the start of the process until it listens. */
  readonly ms: number;
  readonly megabytes: number;
}

const atLeast = 11;

/** How long servers take to listen, and the memory of one that has done nothing yet. */
export async function benchStartup(run: Run): Promise<Section> {
  console.error("start-up");
  const measured = run.stacks.filter(({ name }) => !name.includes("interceptors"));
  const rounds: ReadonlyMap<StackName, Start>[] = [];
  while (rounds.length < Math.max(run.rounds, atLeast)) {
    const round = new Map<StackName, Start>();
    for (const stack of shuffled(measured)) round.set(stack.name, await start(run, stack));
    rounds.push(round);
  }
  const typical = (name: StackName, value: keyof Start) =>
    median(rounds.map((round) => round.get(name)?.[value] ?? Number.NaN));
  const ratio = (name: StackName, value: keyof Start) =>
    median(
      rounds.map((round) => {
        const [own, other] = [round.get(name), round.get(baseline)];
        return own === undefined || other === undefined ? Number.NaN : own[value] / other[value];
      }),
    );
  return {
    title: "Start-up of a server, and its memory when idle",
    table: table(
      ["", "ms", `x ${baseline}`, "MB", `x ${baseline}`],
      measured.map(({ name }) => [
        name,
        typical(name, "ms").toFixed(0),
        ratio(name, "ms").toFixed(2),
        typical(name, "megabytes").toFixed(0),
        ratio(name, "megabytes").toFixed(2),
      ]),
    ),
    goals: [
      { what: `start-up: ${baseline}`, measured: ratio("ours", "ms"), most: 1 },
      { what: `idle memory: ${baseline}`, measured: ratio("ours", "megabytes"), most: 1.1 },
    ],
  };
}

async function start(run: Run, stack: Stack): Promise<Start> {
  const server = await startServer(run, stack);
  try {
    const { rss } = await server.ask<Usage>("usage");
    return { ms: server.startMs, megabytes: rss / 1024 ** 2 };
  } finally {
    await server.stop();
  }
}
