import { median } from "../../median.ts";

/** Figures of a slice. */
type Figures<S> = { readonly [Figure in keyof S]: number };

/** What one process did in one slice of time. */
export interface Slice {
  /** How many of what is counted, a second. */
  readonly rate: number;
  /** CPU time of the process for each, in microseconds. */
  readonly cpuUs: number;
}

/** Several processes of the same program; the luck of one with the JIT is worth 25 %. */
export interface Contender<S = Slice> {
  readonly name: string;
  /** One slice of each process. */
  readonly processes: readonly (() => Promise<S>)[];
}

/** Mean slices of each contender, one a round; none of a contender that failed. */
export type Rounds<S = Slice> = ReadonlyMap<string, readonly S[]>;

/**
 * Runs one slice of every process a round, in another order each time, so that a busy moment of the
 * machine meets all alike. The first round warms up and does not count. A contender that fails once
 * is left out.
 */
export async function interleave<S extends Figures<S> = Slice>(
  contenders: readonly Contender<S>[],
  rounds: number,
): Promise<Rounds<S>> {
  const results = new Map<string, S[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const slices = contenders
      .filter(({ name }) => results.has(name))
      .flatMap(({ name, processes }) => processes.map((run) => ({ name, run })));
    const taken = new Map<string, S[]>();
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
export function typical<S extends Figures<S>>(
  rounds: Rounds<S>,
  name: string,
  value: keyof S,
): number {
  return median((rounds.get(name) ?? []).map((slice) => slice[value]));
}

/** The median of the ratios of each round; NaN when one of both was left out. */
export function pairedRatio<S extends Figures<S>>(
  rounds: Rounds<S>,
  name: string,
  to: string,
  value: keyof S,
): number {
  const others = rounds.get(to) ?? [];
  const ratios = (rounds.get(name) ?? []).flatMap((slice, round) => {
    const other = others[round];
    return other === undefined ? [] : [slice[value] / other[value]];
  });
  return median(ratios);
}

function mean<S extends Figures<S>>(slices: readonly S[]): S {
  const [first] = slices;
  if (first === undefined) throw new Error("no slice");
  const result = { ...first };
  for (const figure of Object.keys(first) as (keyof S)[]) {
    const sum = slices.reduce((so, slice) => so + slice[figure], 0);
    Object.assign(result, { [figure]: sum / slices.length });
  }
  return result;
}

export function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
