import { table } from "../../tooling/table.ts";
import type { Goal, Section } from "../goals.ts";
import { interleave, pairedRatio, type Rounds, typical } from "../rpc/harness/rounds.ts";
import {
  baseline,
  contenderNames,
  type Fixture,
  type Loaded,
  ours,
  withContenders,
} from "./contenders.ts";
import type { Run } from "./run.ts";

type Direction = "encode" | "decode";

/** Operations in a second of CPU time. */
type Speed = { readonly rate: number };

const leastMean: Readonly<Record<Direction, number>> = { encode: 1.6, decode: 1.9 };

/** Encoding or decoding of all fixtures by all contenders. */
export function benchSpeed(direction: Direction): (run: Run) => Promise<Section> {
  return (run) => withContenders(run, (loaded) => measure(run, direction, loaded));
}

async function measure(run: Run, direction: Direction, loaded: Loaded): Promise<Section> {
  const rows: Row[] = [];
  for (const fixture of loaded.fixtures) {
    console.error(`${direction} ${fixture.name}`);
    rows.push(row(fixture, await roundsOf(run, direction, loaded, fixture)));
  }
  return {
    title: `${direction === "encode" ? "Encoding" : "Decoding"}, operations in a second of CPU time`,
    table: table(
      ["", "bytes", ...contenderNames, "x fastest peer", `x ${baseline}`],
      rows.map(({ fixture, rates, fastest, toBaseline }) => [
        fixture.name,
        `${size(fixture)}`,
        ...rates.map(short),
        fastest.ratio.toFixed(2),
        toBaseline.toFixed(2),
      ]),
    ),
    goals: goals(direction, rows),
  };
}

function roundsOf(
  run: Run,
  direction: Direction,
  { contenders }: Loaded,
  { name }: Fixture,
): Promise<Rounds<Speed>> {
  const able = contenders.filter(({ fixtures }) => fixtures.has(name));
  const ms = run.seconds * 1000;
  return interleave<Speed>(
    contenderNames.map((contender) => ({
      name: contender,
      processes: able
        .filter((each) => each.name === contender)
        .map(
          ({ process }) =>
            () =>
              process.ask<Speed>("slice", { name, direction, ms }),
        ),
    })),
    run.rounds,
  );
}

interface Row {
  readonly fixture: Fixture;
  /** In the order of the contenders. */
  readonly rates: readonly number[];
  /** The peer that ours is least ahead of. */
  readonly fastest: { readonly name: string; readonly ratio: number };
  readonly toBaseline: number;
}

function row(fixture: Fixture, rounds: Rounds<Speed>): Row {
  const ratios = contenderNames
    .filter((name) => name !== ours)
    .map((name) => ({ name, ratio: pairedRatio(rounds, ours, name, "rate") }))
    .filter(({ ratio }) => !Number.isNaN(ratio));
  const [fastest] = ratios.sort((a, b) => a.ratio - b.ratio);
  return {
    fixture,
    rates: contenderNames.map((name) => typical(rounds, name, "rate")),
    fastest: fastest ?? { name: "none", ratio: Number.NaN },
    toBaseline: pairedRatio(rounds, ours, baseline, "rate"),
  };
}

function goals(direction: Direction, rows: readonly Row[]): Goal[] {
  const each = rows.map(({ fixture, fastest }) => ({
    what: `${direction} ${fixture.name}: ${fastest.name}, the fastest`,
    measured: fastest.ratio,
    least: 1.25,
  }));
  return [
    ...each,
    {
      what: `${direction}, geometric mean: the fastest of each`,
      measured: geometricMean(rows.map(({ fastest }) => fastest.ratio)),
      least: leastMean[direction],
    },
    {
      what: `${direction}, geometric mean: ${baseline}`,
      measured: geometricMean(rows.map(({ toBaseline }) => toBaseline)),
      least: 4,
    },
  ];
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Mean of the messages of a fixture. */
function size({ bytes }: Fixture): number {
  const total = bytes.reduce((sum, each) => sum + Buffer.byteLength(each, "base64"), 0);
  return Math.round(total / bytes.length);
}

/** Three digits and a unit. */
function short(rate: number): string {
  if (Number.isNaN(rate)) return "-";
  if (rate >= 1e6) return `${(rate / 1e6).toPrecision(3)} M`;
  return rate >= 1e4 ? `${(rate / 1e3).toFixed(0)} k` : `${(rate / 1e3).toFixed(2)} k`;
}
