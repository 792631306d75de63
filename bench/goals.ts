import { table } from "../tooling/table.ts";

/** A measured figure and how much it must be at least, or may be at most. */
export interface Goal {
  readonly what: string;
  /** NaN when it could not be measured; that is a miss. */
  readonly measured: number;
  readonly least?: number;
  readonly most?: number;
  /** Unit of all. Default `x`: times something else. */
  readonly unit?: string;
}

/** One part of a benchmark, ready to print. */
export interface Section {
  readonly title: string;
  readonly table: string;
  readonly goals: readonly Goal[];
}

export function isMet({ measured, least = -Infinity, most = Infinity }: Goal): boolean {
  return measured >= least && measured <= most;
}

export function goalTable(goals: readonly Goal[]): string {
  return table(
    ["goal", "measured", "goal is", ""],
    goals.map((goal) => {
      const { what, measured, least, most, unit = "x" } = goal;
      const show = (value: number) => {
        return Number.isNaN(value) ? "-" : `${value.toFixed(unit === "x" ? 2 : 0)} ${unit}`.trim();
      };
      const bound = least === undefined ? `<= ${show(most ?? Number.NaN)}` : `>= ${show(least)}`;
      return [what, show(measured), bound, isMet(goal) ? "pass" : "FAIL"];
    }),
  );
}
