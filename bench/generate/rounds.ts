import { median } from "../median.ts";
import type { Sample } from "./measure.ts";

export interface Result {
  readonly name: string;
  /** Medians over the runs. */
  readonly ms: number;
  readonly peakMb: number;
  readonly runs: number;
  readonly outcome: Sample["outcome"];
}

export interface Runner {
  readonly name: string;
  run(): Promise<Sample>;
}

export interface RoundOptions {
  /** Runs of each. */
  readonly rounds: number;
  /** A contender that has used this much is not run again. */
  readonly budgetMs: number;
}

/**
 * Runs all contenders in turn, one run each a round, so that a busy moment of the machine meets
 * them alike; each round starts with another one.
 */
export async function interleave(
  runners: readonly Runner[],
  { rounds, budgetMs }: RoundOptions,
): Promise<Result[]> {
  const samples = new Map<Runner, Sample[]>(runners.map((runner) => [runner, []]));
  for (let round = 0; round < rounds; round++) {
    const first = round % runners.length;
    for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) {
      const taken = samples.get(runner) ?? [];
      const spent = taken.reduce((sum, { ms }) => sum + ms, 0);
      if (spent > budgetMs || taken.some(({ outcome }) => outcome !== "done")) continue;
      taken.push(await runner.run());
    }
  }
  return runners.map((runner) => summary(runner.name, samples.get(runner) ?? []));
}

function summary(name: string, samples: readonly Sample[]): Result {
  const failure = samples.find(({ outcome }) => outcome !== "done");
  return {
    name,
    ms: median(samples.map(({ ms }) => ms)),
    peakMb: median(samples.map(({ peakMb }) => peakMb)),
    runs: samples.length,
    outcome: failure?.outcome ?? "done",
  };
}
