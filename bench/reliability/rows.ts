import { table } from "../../tooling/table.ts";
import { type StackName, stacks } from "./bench.ts";

/** What a stack was measured at: Infinity for what never came, NaN for what it cannot do. */
export type Figures = Readonly<Record<string, number>>;

export interface Promised<Name extends string = string> {
  /** Names the figure. */
  readonly figure: Name;
  readonly promise: string;
  /** What ours may be at most. */
  readonly most: number;
  readonly unit?: "ms" | "MB" | "x" | "%";
}

export interface Row extends Promised {
  /** What the machine had to do besides, and for this. */
  readonly load?: number;
  readonly measured: ReadonlyMap<StackName, number>;
}

export type PerStack<Measured extends Figures> = ReadonlyMap<StackName, Measured>;

/** Measures one stack after the other, for figures of time and memory. */
export async function inTurn<Measured extends Figures>(
  measure: (stack: StackName) => Promise<Measured>,
): Promise<PerStack<Measured>> {
  const measured = new Map<StackName, Measured>();
  for (const stack of stacks) measured.set(stack, await measure(stack));
  return measured;
}

/** Measures all stacks at once, for figures that only count. */
export async function atOnce<Measured extends Figures>(
  measure: (stack: StackName) => Promise<Measured>,
): Promise<PerStack<Measured>> {
  return new Map(
    await Promise.all(stacks.map(async (stack) => [stack, await measure(stack)] as const)),
  );
}

export function rows<Measured extends Figures>(
  measured: PerStack<Measured>,
  promises: readonly Promised<keyof Measured & string>[],
): Row[] {
  return promises.map((promised) => ({
    ...promised,
    measured: new Map(
      [...measured].map(([stack, figures]) => [stack, figures[promised.figure] ?? Number.NaN]),
    ),
  }));
}

export function isKept({ measured, most }: Row): boolean {
  return (measured.get("ours") ?? Number.NaN) <= most;
}

export function rowTable(all: readonly Row[]): string {
  return table(
    ["promise", "at most", ...stacks, "", "load"],
    all.map((row) => [
      row.promise,
      show(row.most, row.unit),
      ...stacks.map((stack) => show(row.measured.get(stack) ?? Number.NaN, row.unit)),
      isKept(row) ? "pass" : "FAIL",
      row.load?.toFixed(1) ?? "",
    ]),
  );
}

function show(value: number, unit = ""): string {
  if (Number.isNaN(value)) return "-";
  if (value === Number.POSITIVE_INFINITY) return "never";
  const rounded = Math.abs(value) < 10 && unit !== "" ? value.toFixed(1) : value.toFixed(0);
  return `${rounded} ${unit}`.trim();
}
