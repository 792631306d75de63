import { isMessage, ScalarType } from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { DurationSchema, FieldMaskSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import {
  type FieldRules,
  FieldRulesSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import type { Bound, Limits, Scalar } from "../limits.ts";
import { isTextFormat } from "../text/formats.ts";

/** Limits while they are read. */
type Draft = { -readonly [Key in keyof Limits]: Limits[Key] };

/** Later than the clock of any machine that runs this: 2100-01-01. */
const future: Bound = { value: 4_102_444_800_000_000_000n, inclusive: true };

/**
 * Reads the rules of one type, such as `buf.validate.StringRules`. The rule messages of all types have the
 * same names for the same rules, so that one function reads them all.
 *
 * @param limitsOf reads nested rules, of items, keys and values
 */
export function readLimits(rules: ReflectMessage, limitsOf: (rules: FieldRules) => Limits): Limits {
  const draft: Draft = {};
  for (const field of rules.fields) {
    if (!rules.isSet(field)) continue;
    const value = field.fieldKind === "list" ? [...rules.get(field)] : rules.get(field);
    const scalars = (Array.isArray(value) ? value : [value]).flatMap((item) =>
      scalarOf(item, field.scalar),
    );
    const nested = isReflectMessage(value) ? value.message : undefined;
    if (isMessage(nested, FieldRulesSchema)) readNested(draft, field.name, limitsOf(nested));
    else readRule(draft, field.name, scalars);
  }
  return draft;
}

function readNested(draft: Draft, name: string, limits: Limits): void {
  if (name === "items") draft.items = limits;
  if (name === "keys") draft.keys = limits;
  if (name === "values") draft.values = limits;
}

/** @param values of the rule: several for `in`, one for others */
function readRule(draft: Draft, name: string, values: readonly Scalar[]): void {
  const [value] = values;
  switch (name) {
    case "const":
      draft.only = values;
      break;
    case "in":
      draft.only ??= values;
      break;
    case "not_in":
      draft.not = values;
      break;
    case "example":
      draft.examples = values;
      break;
    case "unique":
      draft.unique = value === true;
      break;
    case "gt_now":
      if (value === true) draft.low = future;
      break;
    case "within":
      if (typeof value === "bigint") draft.within = value;
      break;
    default:
      if (isNumeric(value)) readNumber(draft, name, value);
      else readText(draft, name, value);
  }
}

function readNumber(draft: Draft, name: string, value: bigint | number): void {
  const size = Number(value);
  switch (name) {
    case "gt":
    case "gte":
      draft.low = { value, inclusive: name === "gte" };
      break;
    case "lt":
    case "lte":
      draft.high = { value, inclusive: name === "lte" };
      break;
    case "len":
      draft.minSize = size;
      draft.maxSize = size;
      break;
    case "len_bytes":
      draft.minBytes = size;
      draft.maxBytes = size;
      break;
    case "min_len":
    case "min_items":
    case "min_pairs":
      draft.minSize = size;
      break;
    case "max_len":
    case "max_items":
    case "max_pairs":
      draft.maxSize = size;
      break;
    case "min_bytes":
      draft.minBytes = size;
      break;
    case "max_bytes":
      draft.maxBytes = size;
      break;
    case "well_known_regex":
      draft.format = size === 1 ? "header_name" : "header_value";
      break;
  }
}

function readText(draft: Draft, name: string, value: Scalar | undefined): void {
  if (value === true && isTextFormat(name)) draft.format = name;
  if (typeof value !== "string" && !(value instanceof Uint8Array)) return;
  switch (name) {
    case "pattern":
      if (typeof value === "string") draft.pattern = value;
      break;
    case "prefix":
      draft.prefix = value;
      break;
    case "suffix":
      draft.suffix = value;
      break;
    case "contains":
      draft.contains = value;
      break;
    case "not_contains":
      if (typeof value === "string") draft.notContains = value;
      break;
  }
}

function isNumeric(value: Scalar | undefined): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

/** Integers become `bigint`, durations and timestamps nanoseconds, field masks their paths. */
function scalarOf(value: unknown, type: ScalarType | undefined): Scalar[] {
  if (isReflectMessage(value)) return scalarsOfMessage(value);
  if (typeof value === "number") {
    const isFloat = type === ScalarType.FLOAT || type === ScalarType.DOUBLE;
    return [isFloat ? value : BigInt(value)];
  }
  const isScalar =
    typeof value === "string" ||
    typeof value === "bigint" ||
    typeof value === "boolean" ||
    value instanceof Uint8Array;
  return isScalar ? [value] : [];
}

function scalarsOfMessage({ message }: ReflectMessage): Scalar[] {
  if (isMessage(message, DurationSchema) || isMessage(message, TimestampSchema)) {
    return [message.seconds * 1_000_000_000n + BigInt(message.nanos)];
  }
  return isMessage(message, FieldMaskSchema) ? [message.paths.join()] : [];
}
