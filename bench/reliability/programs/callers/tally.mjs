/** Counts calls, and how those end that fail. */
export class Tally {
  calls = 0;
  failed = 0;
  codes = {};
  worstMs = 0;

  add({ status, code, ms = 0 }) {
    this.calls += 1;
    this.worstMs = Math.max(this.worstMs, ms);
    if (status === "0") return;
    this.failed += 1;
    this.codes[code] = (this.codes[code] ?? 0) + 1;
  }
}
