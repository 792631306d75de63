/**
 * The candidate that `word` was probably meant to be, for "did you mean"; undefined when nothing
 * is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.slice(0, 64), candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance of two short words. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, char] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column++) {
      const substitute = (previous[column] ?? 0) + (char === b[column] ? 0 : 1);
      const insert = (current[column] ?? 0) + 1;
      const remove = (previous[column + 1] ?? 0) + 1;
      current.push(Math.min(substitute, insert, remove));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
