/** A regular expression as a tree, without what matches no characters (anchors, word boundaries). */
export type Pattern =
  | { readonly kind: "class"; readonly ranges: readonly CharRange[] }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "choice"; readonly options: readonly Pattern[] }
  | {
      readonly kind: "repeat";
      readonly item: Pattern;
      readonly min: number;
      /** Undefined: without a limit. */
      readonly max: number | undefined;
    };

/** Code points from the first to the second, both included. */
export type CharRange = readonly [low: number, high: number];

/** The expression cannot be read, or has something that no text can be made for. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/**
 * The characters that a class allows. Printable ASCII if there is any, so that texts can be read.
 *
 * @param negated all characters except those
 */
export function charClass(ranges: readonly CharRange[], negated: boolean): Pattern {
  const included = (code: number) => ranges.some(([low, high]) => code >= low && code <= high);
  const wanted = (code: number) => included(code) !== negated;
  const printable = printableCodes.filter(wanted).map((code): CharRange => [code, code]);
  if (printable.length > 0) return { kind: "class", ranges: printable };
  if (negated) {
    const other = otherCodes.find(wanted);
    if (other === undefined) throw new PatternError("a class that excludes everything");
    return { kind: "class", ranges: [[other, other]] };
  }
  if (ranges.length === 0) throw new PatternError("an empty class");
  return { kind: "class", ranges };
}

const printableCodes = Array.from({ length: 0x7f - 0x20 }, (_, at) => at + 0x20);
/** Taken when a negated class excludes all of ASCII. */
const otherCodes = [0xe9, 0xac00, 0x4e00, 0x3b1, 0x430];
