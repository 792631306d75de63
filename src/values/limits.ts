import type { Random } from "./random.ts";
import type { TextFormat } from "./text/formats.ts";

/** A value of a scalar field. Integers of every size are `bigint`, so that one algorithm serves all. */
export type Scalar = string | bigint | number | boolean | Uint8Array;

/** A value from which, or up to which, others are allowed. */
export interface Bound {
  /** `bigint` for integers, and nanoseconds of durations and timestamps. */
  readonly value: bigint | number;
  readonly inclusive: boolean;
}

/** Literals in expressions that a value has to satisfy. They are the best guesses for a search. */
export interface Hints {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/** What rules demand of a value. Lists are empty and others undefined where nothing is demanded. */
export interface Limits {
  /** The field must be set, to a value other than zero if it cannot tell zero from unset. */
  readonly required?: boolean;
  /** The only values that are allowed. */
  readonly only?: readonly Scalar[];
  readonly not?: readonly Scalar[];
  /** Values that the author of the proto recommends. */
  readonly examples?: readonly Scalar[];
  /** If it is above `high`, values outside of the two are allowed. */
  readonly low?: Bound;
  readonly high?: Bound;
  /** Code points of a text, bytes of bytes, items of a list, entries of a map. */
  readonly minSize?: number;
  readonly maxSize?: number;
  /** Bytes of a text. */
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly pattern?: string;
  readonly prefix?: string | Uint8Array;
  readonly suffix?: string | Uint8Array;
  readonly contains?: string | Uint8Array;
  readonly notContains?: string;
  readonly format?: TextFormat;
  readonly unique?: boolean;
  /** Of a timestamp: nanoseconds from now at most, in either direction. */
  readonly within?: bigint;
  readonly items?: Limits;
  readonly keys?: Limits;
  readonly values?: Limits;
  readonly hints?: Hints;
}

/** How a value is drawn. */
export interface Draw {
  /** Name of the field as in the proto. */
  readonly field: string;
  /** Name of its message, without the package. */
  readonly message: string;
  readonly limits: Limits;
  readonly random: Random;
  /** 0 for the first value of a field; more when rules refused the one before. */
  readonly attempt: number;
}
