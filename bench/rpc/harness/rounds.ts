import { median } from "../../median.ts";

/** What one process did in one slice of time. */
export interface Slice {
  /** How many of what is counted, a second. */
  readonly rate: number;
  /** CPU time of the process for each, in microseconds. */
  readonly cpuUs: number;
}

/** Several processes of the same program; the luck of one with the JIT is worth 25 %. */
export interface Contender {
  readonly name: string;
  /** One slice of each process. */
  readonly processes: readonly (() => Promise<Slice>)[];
}

/** Mean slices of each contender, one a round; none of a contender that failed. */
export type Rounds = ReadonlyMap<string, readonly Slice[]>;

/**
 * Runs one slice of every process a round, in another order each time, so that a busy moment of the
 * machine meets all alike. The first round warms up and does not count. A contender that fails once
 * is left out.
 */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Rounds> {
  const results = new Map<string, Slice[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const slices = contenders
      .filter(({ name }) => results.has(name))
      .flatMap(({ name, processes }) => processes.map((run) => ({ name, run })));
    const taken = new Map<string, Slice[]>();
    for (const { name, run } of shuffled(slices)) {
      if (!results.has(name)) continue;
      try {
        taken.set(name, [...(taken.get(name) ?? []), await run()]);
      } catch (error) {
        console.error(`${name} is left out: ${error instanceof Error ? error.message : error}`);
        results.delete(name);
      }
    }
    if (round === 0) continue;
    for (const [name, ofRound] of taken) results.get(name)?.push(mean(ofRound));
  }
  return results;
}

/** The median over the rounds; NaN for what was left out. */
export function typical(rounds: Rounds, name: string, value: keyof Slice): number {
  return median((rounds.get(name) ?? []).map((slice) => slice[value]));
}

/** The median of the ratios of each round; NaN when one of both was left out. */
export function pairedRatio(rounds: Rounds, name: string, to: string, value: keyof Slice): number {
  const others = rounds.get(to) ?? [];
  const ratios = (rounds.get(name) ?? []).flatMap((slice, round) => {
    const other = others[round];
    return other === undefined ? [] : [slice[value] / other[value]];
  });
  return median(ratios);
}

function mean(slices: readonly Slice[]): Slice {
  const average = (value: keyof Slice) =>
    slices.reduce((sum, slice) => sum + slice[value], 0) / slices.length;
  return { rate: average("rate"), cpuUs: average("cpuUs") };
}

export function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
