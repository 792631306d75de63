import { table } from "../../scripts/corpus/table.ts";

/** A measured ratio or size and the most that it may be. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly most: number;
  /** Unit of both. Default `x`: times something else. */
  readonly unit?: string;
}

export function isMet({ measured, most }: Goal): boolean {
  return measured <= most;
}

export function goalTable(goals: readonly Goal[]): string {
  return table(
    ["goal", "measured", "at most", ""],
    goals.map((goal) => {
      const { what, measured, most, unit = "x" } = goal;
      const digits = unit === "x" ? 2 : 0;
      const show = (value: number) => {
        return Number.isNaN(value) ? "-" : `${value.toFixed(digits)} ${unit}`.trim();
      };
      return [what, show(measured), show(most), isMet(goal) ? "pass" : "FAIL"];
    }),
  );
}
