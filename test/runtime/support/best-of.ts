/**
 * Milliseconds that something takes: the first of a few attempts that is below `enough`, or else the
 * best. A busy machine can only make them longer, and hardly all of them.
 */
export async function bestOf(enough: number, measure: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 10 && best >= enough; attempt += 1) {
    best = Math.min(best, await measure());
  }
  return best;
}

/** Milliseconds until `work` is settled. */
export async function took(work: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work;
  return performance.now() - before;
}
