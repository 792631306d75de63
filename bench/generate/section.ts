import type { Goal } from "./goals.ts";

/** One part of the benchmark, ready to print. */
export interface Section {
  readonly title: string;
  readonly table: string;
  readonly goals: readonly Goal[];
}
