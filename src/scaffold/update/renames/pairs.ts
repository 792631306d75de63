/** A thing that left, and the one that took its place. */
export interface Pair<T> {
  readonly from: T;
  readonly to: T;
}

/** How {@link pairs} compares. */
export interface Pairing<T> {
  readonly fits: (from: T, to: T) => boolean;
  readonly nameOf: (item: T) => string;
}

/**
 * Pairs what fits. If more than one thing fits, the one with the nearest name is taken; if no name is near,
 * none is: better no pair than a wrong one.
 */
export function pairs<T>(
  removed: readonly T[],
  added: readonly T[],
  { fits, nameOf }: Pairing<T>,
): Pair<T>[] {
  const candidates = removed.flatMap((from) =>
    added
      .filter((to) => fits(from, to))
      .map((to) => ({ from, to, likeness: likeness(nameOf(from), nameOf(to)) })),
  );
  const found: Pair<T>[] = [];
  const open = new Set(candidates);
  const take = (pair: Pair<T>) => {
    found.push({ from: pair.from, to: pair.to });
    for (const other of open) {
      if (other.from === pair.from || other.to === pair.to) open.delete(other);
    }
  };
  for (const pair of [...candidates].sort((a, b) => b.likeness - a.likeness)) {
    if (open.has(pair) && pair.likeness > 0) take(pair);
  }
  for (const pair of candidates) {
    const rivals = [...open].filter(({ from, to }) => from === pair.from || to === pair.to);
    if (open.has(pair) && rivals.length === 1) take(pair);
  }
  return found;
}

/** Share of the words that two names have in common: `GetUser` and `FetchUser` share one of two. */
export function likeness(a: string, b: string): number {
  const [first, second] = [words(a), words(b)];
  const common = first.filter((word) => second.includes(word));
  return common.length / Math.max(first.length, second.length, 1);
}

/** Words of a name, without `Service`, which most services have. */
function words(name: string): string[] {
  const all = name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase());
  return all.filter((word) => word !== "service");
}
