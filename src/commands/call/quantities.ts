import { UsageError } from "../../terminal/errors.ts";

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const bytes: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1_000,
  MB: 1_000_000,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Milliseconds of a time such as `500ms`, `2s`, `1m` or `1h`; a bare number is seconds. @throws UsageError */
export function parseTime(flag: string, text: string): number {
  const { number, unit } = split(text);
  const value = number * (milliseconds[unit === "" ? "s" : unit] ?? Number.NaN);
  if (value > 0 && Number.isFinite(value)) return Math.ceil(value);
  throw new UsageError(`${flag} must be a time such as 500ms, 2s or 1m, not "${text}"`);
}

/** Bytes of a size such as `4MiB`; a bare number is bytes. @throws UsageError */
export function parseSize(flag: string, text: string): number {
  const { number, unit } = split(text);
  const value = number * (bytes[unit] ?? Number.NaN);
  if (value >= 1 && value <= largestSize) return Math.floor(value);
  throw new UsageError(`${flag} must be a size such as 64KiB or 4MiB, up to 1GiB, not "${text}"`);
}

/** A whole number from 1. @throws UsageError */
export function parseCount(flag: string, text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`${flag} must be a whole number from 1, not "${text}"`);
}

const largestSize = 1024 ** 3;

function split(text: string): { readonly number: number; readonly unit: string } {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([a-zA-Z]*)$/.exec(text) ?? [];
  return { number: number === undefined ? Number.NaN : Number(number), unit };
}
