/** @throws RangeError in one line that names the setting. */
export function positive(name: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RangeError(`${name} must be more than 0, not ${value}`);
}

/** @throws RangeError in one line that names the setting. */
export function integerIn(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
  throw new RangeError(`${name} must be an integer of ${range}, not ${value}`);
}

/** Milliseconds as a duration of a service config. */
export function seconds(name: string, milliseconds: number): string {
  return `${(positive(name, milliseconds) / 1000).toFixed(3)}s`;
}
