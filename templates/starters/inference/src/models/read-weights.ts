import type { Weights } from "./bag-of-words.ts";

const maxLabels = 100;
/** Each text of a batch is answered with all labels. */
const maxLabelLength = 100;
const maxWords = 100_000;
/** Larger ones would add up to infinity. */
const maxWeight = 1_000_000;

/**
 * Reads a model that was uploaded: `{"labels": ["good", "bad"], "words": {"fine": [1, -1]}}`.
 *
 * @throws TypeError that says what is wrong with it
 */
export function readWeights(bytes: Uint8Array): Weights {
  const model = parse(bytes);
  const labels = field(model, "labels");
  if (!isLabels(labels))
    throw new TypeError(
      `labels must be 1 to ${maxLabels} texts that differ, up to ${maxLabelLength} characters`,
    );
  const words = Object.entries(objectOf(field(model, "words")));
  if (words.length > maxWords) throw new TypeError(`words must be at most ${maxWords}`);
  return {
    labels,
    words: new Map(
      words.map(([word, weights]) => {
        if (isNumbers(weights) && weights.length === labels.length) return [word, weights];
        const shown = word.slice(0, 40);
        throw new TypeError(
          `words: "${shown}" must have a number up to ${maxWeight} for each label`,
        );
      }),
    ),
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new TypeError("it is not JSON", { cause });
  }
}

function isLabels(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxLabels) return false;
  const areTexts = value.every(
    (label) => typeof label === "string" && label.length <= maxLabelLength,
  );
  return areTexts && new Set(value).size === value.length;
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isWeight);
}

function isWeight(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= maxWeight;
}

function objectOf(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError("words must be an object");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
