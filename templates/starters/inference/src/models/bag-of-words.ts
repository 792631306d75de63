/** How likely a text has each label, the most likely one first. */
export type Prediction = readonly { readonly name: string; readonly probability: number }[];

/** The weights of a model: for each word one number per label. */
export interface Weights {
  readonly labels: readonly string[];
  readonly words: ReadonlyMap<string, readonly number[]>;
}

/**
 * A toy in the place of your model: adds the weights of the words of a text, and makes probabilities of the sums
 * (softmax). What it shows is the shape: texts go in as a batch, and come out in the same order.
 */
export function predict({ labels, words }: Weights, texts: readonly string[]): Prediction[] {
  return texts.map((text) => {
    const sums = labels.map(() => 0);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []) {
      for (const [index, weight] of (words.get(word) ?? []).entries()) {
        sums[index] = (sums[index] ?? 0) + weight;
      }
    }
    return softmax(sums)
      .map((probability, index) => ({ name: labels[index] ?? "", probability }))
      .sort((a, b) => b.probability - a.probability);
  });
}

function softmax(sums: readonly number[]): number[] {
  const most = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - most));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}
