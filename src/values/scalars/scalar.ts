import { type DescEnum, ScalarType } from "@bufbuild/protobuf";
import type { Draw, Scalar } from "../limits.ts";
import { bytes } from "./bytes.ts";
import { chosen } from "./chosen.ts";
import { float } from "./float.ts";
import { integer, isBigint } from "./integer.ts";
import { text } from "./text.ts";

/** A value of a scalar field, as messages have it: integers of 32 bits are numbers. */
export function scalar(type: ScalarType, draw: Draw): Scalar {
  switch (type) {
    case ScalarType.STRING:
      return text(draw);
    case ScalarType.BYTES:
      return bytes(draw);
    case ScalarType.BOOL:
      return bool(draw);
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return float(type, draw);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return integer(type, draw);
    default:
      return Number(integer(type, draw));
  }
}

/** A declared value of an enum: not the one that stands for "unspecified" if there is another. */
export function enumValue(desc: DescEnum, draw: Draw): number {
  const listed = chosen(draw, isBigint);
  if (listed !== undefined) return Number(listed);
  const { limits, random } = draw;
  const allowed = desc.values.filter(({ number }) => !limits.not?.includes(BigInt(number)));
  const known = allowed.filter(({ name, number, deprecated }) => {
    if (number === 0 && limits.required === true) return false;
    return !deprecated && !/(?:^|_)(?:UNSPECIFIED|UNKNOWN|UNDEFINED|INVALID|UNSET)$/.test(name);
  });
  const others = limits.required === true ? allowed.filter(({ number }) => number !== 0) : allowed;
  const values = [known, others, allowed, desc.values].find((list) => list.length > 0) ?? [];
  return random.pick(values).number;
}

function bool(draw: Draw): boolean {
  const listed = chosen(draw, (value) => typeof value === "boolean");
  if (listed !== undefined) return listed;
  if (draw.limits.required === true) return true;
  if (draw.attempt === 0) {
    // A client that reads all pages must come to an end.
    if (/(?:^|_)(?:more|next|truncated)$|^has_(?:more|next)/i.test(draw.field)) return false;
    if (/(?:^|_)(?:ok|success|done|enabled|active|valid|available|found)$/i.test(draw.field))
      return true;
    if (/error|fail|deleted|disabled|deprecated|cancell?ed|expired|blocked/i.test(draw.field))
      return false;
  }
  return draw.random.chance(50);
}
