import { table } from "../../tooling/table.ts";
import { pairedRatio, type Rounds, typical } from "./harness/rounds.ts";

/** A row for each contender: medians, and their paired ratios to the baseline. */
export function roundsTable(rounds: Rounds, names: readonly string[], baseline: string): string {
  const cell = (value: number, digits: number) => {
    return Number.isNaN(value) ? "-" : value.toFixed(digits);
  };
  return table(
    ["", "a second", `x ${baseline}`, "CPU us each", `x ${baseline}`],
    names.map((name) => {
      const [rate, cpuUs] = [typical(rounds, name, "rate"), typical(rounds, name, "cpuUs")];
      return [
        name,
        cell(rate, 0),
        cell(pairedRatio(rounds, name, baseline, "rate"), 2),
        cell(cpuUs, cpuUs < 20 ? 2 : 0),
        cell(pairedRatio(rounds, name, baseline, "cpuUs"), 2),
      ];
    }),
  );
}
