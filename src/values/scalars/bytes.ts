import type { Draw, Limits, Scalar } from "../limits.ts";
import { textOfPattern } from "../text/text-of-pattern.ts";
import { ValueError } from "../value-error.ts";
import { patternOf } from "./text.ts";

const maxLength = 1_000_000;

/** Bytes that fit the rules of their field. */
export function bytes({ field, limits, random, attempt }: Draw): Uint8Array {
  const { only, examples = [], not = [] } = limits;
  const listed = (only ?? (attempt < 3 ? examples : [])).filter(isBytes);
  const allowed = listed.filter((value) => !not.some((other) => areEqual(value, other)));
  if (allowed.length > 0) return random.pick(allowed);
  if ((limits.minSize ?? 0) > maxLength) {
    throw new ValueError(`${field} needs ${limits.minSize} bytes`);
  }
  const pattern = limits.pattern === undefined ? undefined : patternOf(limits.pattern);
  if (pattern !== undefined) return Buffer.from(textOfPattern(pattern, random, 4 << (attempt % 8)));
  const fixed = [limits.prefix, limits.contains, limits.suffix].map(bufferOf);
  const [prefix = Buffer.alloc(0), ...rest] = fixed;
  const size = sizeOf(limits) - fixed.reduce((sum, part) => sum + part.length, 0);
  const filling = Buffer.from(Array.from({ length: Math.max(0, size) }, () => random.below(256)));
  return Buffer.concat([prefix, filling, ...rest]);
}

/** The length that the rules demand, or 12. */
function sizeOf({ format, minSize = 1, maxSize = maxLength }: Limits): number {
  if (format === "ip" || format === "ipv4") return 4;
  if (format === "ipv6" || format === "uuid") return 16;
  return Math.min(Math.max(12, minSize), maxSize);
}

function isBytes(value: Scalar): value is Uint8Array {
  return value instanceof Uint8Array;
}

function areEqual(value: Uint8Array, other: Scalar): boolean {
  return isBytes(other) && Buffer.compare(value, other) === 0;
}

function bufferOf(part: string | Uint8Array | undefined): Buffer {
  return part instanceof Uint8Array ? Buffer.from(part) : Buffer.alloc(0);
}
