import type { Random } from "../../values/random.ts";

/** A range of times in milliseconds, from which one is drawn for each use. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export const noTime: TimeSpan = { fromMs: 0, toMs: 0 };

/** Ten minutes: longer than any deadline that is useful against a mock. */
const longestMs = 600_000;

/** Parses `50ms`, `1.5s` or `20ms..100ms`. Undefined for any other text. */
export function parseTimeSpan(text: string): TimeSpan | undefined {
  const [first = "", last = first, ...others] = text.split("..");
  const [fromMs, toMs] = [parseTime(first), parseTime(last)];
  if (fromMs === undefined || toMs === undefined || others.length > 0) return undefined;
  return fromMs <= toMs && toMs <= longestMs ? { fromMs, toMs } : undefined;
}

/** What a time may look like, for messages. */
export const timeSpanForms =
  "a time such as 50ms or 1.5s, or a range such as 20ms..100ms, up to 600s";

export function drawTime({ fromMs, toMs }: TimeSpan, random: Random): number {
  return fromMs === toMs ? fromMs : random.between(Math.round(fromMs), Math.round(toMs));
}

function parseTime(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * (unit === "s" ? 1000 : 1);
}
