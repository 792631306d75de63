import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { fillStruct, fillValue } from "./json-values.ts";
import type { Draw, Scalar } from "./limits.ts";
import { chosen } from "./scalars/chosen.ts";
import { scalar } from "./scalars/scalar.ts";
import { durationNanos, momentNanos } from "./times.ts";

/**
 * Fills a message of google/protobuf, except `Any`, whose fields depend on each other.
 *
 * @param maskable names of fields that a field mask may have
 * @returns false for any other message
 */
export function fillWellKnown(
  target: ReflectMessage,
  draw: Draw,
  maskable: readonly string[],
): boolean {
  switch (target.desc.typeName) {
    case "google.protobuf.Timestamp":
      fillTime(target, momentNanos(draw));
      return true;
    case "google.protobuf.Duration":
      fillTime(target, durationNanos(draw));
      return true;
    case "google.protobuf.FieldMask":
      set(target, "paths", maskPaths(draw, maskable));
      return true;
    case "google.protobuf.Struct":
      fillStruct(target, draw.random);
      return true;
    case "google.protobuf.Value":
      fillValue(target, draw.random);
      return true;
    case "google.protobuf.ListValue":
      // An empty list is valid.
      return true;
    default:
      return fillWrapper(target, draw);
  }
}

function fillWrapper(target: ReflectMessage, draw: Draw): boolean {
  const value = isWrapperDesc(target.desc) ? target.desc.field.value : undefined;
  if (value?.fieldKind !== "scalar") return false;
  target.set(value, scalar(value.scalar, draw));
  return true;
}

/** The nanos of a duration have the sign of its seconds, those of a timestamp are never negative. */
function fillTime(target: ReflectMessage, nanos: bigint): void {
  const isTimestamp = target.desc.typeName === "google.protobuf.Timestamp";
  const second = 1_000_000_000n;
  const rest = isTimestamp ? ((nanos % second) + second) % second : nanos % second;
  set(target, "seconds", (nanos - rest) / second);
  set(target, "nanos", Number(rest));
}

/** Paths that survive the conversion to JSON, which has them in camel case. */
function maskPaths(draw: Draw, maskable: readonly string[]): string[] {
  const listed = draw.limits.only;
  const isText = (value: Scalar): value is string => typeof value === "string";
  if (listed !== undefined) return (chosen(draw, isText) ?? "").split(",").filter(Boolean);
  const names = maskable.filter((name) => /^[a-z]+(?:_[a-z]+)*$/.test(name));
  const allowed = names.filter((name) => !draw.limits.not?.includes(name));
  return allowed.length === 0 ? ["name"] : [draw.random.pick(allowed)];
}

function set(target: ReflectMessage, name: string, value: unknown): void {
  const field = target.desc.field[name];
  if (field === undefined) return;
  if (field.fieldKind === "list" && Array.isArray(value)) {
    for (const item of value) target.get(field).add(item);
  } else {
    target.set(field, value);
  }
}
