import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../src/package-root.ts";
import { changes } from "./growth-matrix/changes.ts";
import { type Cell, measure, scaffold, typeChecks } from "./growth-matrix/measure.ts";
import { shapes } from "./growth-matrix/shapes.ts";

/**
 * Changes protos in every way, below code in every layout, runs the tool again, and counts what it must not
 * do. `--root` measures another checkout. `--shape` and `--change` measure the cells with such a text in the
 * name of their layout or change, with `--details` their output too.
 */
const { values } = parseArgs({
  options: {
    root: { type: "string" },
    shape: { type: "string", default: "" },
    change: { type: "string", default: "" },
    details: { type: "boolean", default: false },
  },
});
const tool = { root: values.root ?? packageRoot(), modules: join(packageRoot(), "node_modules") };
const folder = await realpath(await mkdtemp(join(tmpdir(), "growth-matrix-")));
try {
  const base = await scaffold(tool, folder);
  const cells: Cell[] = [];
  console.log(
    "| Change | Code | Spurious | Lost | False up to date | Bad advice | Compiles | After the command |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const shape of shapes.filter(({ name }) => name.includes(values.shape))) {
    const shaped = join(folder, shape.name.replace(/\W+/g, "-"));
    await copy(base, shaped);
    await shape.apply(shaped);
    if (!(await typeChecks(shaped))) throw new Error(`${shape.name} does not compile: ${shaped}`);
    const waiting = changes.filter(({ name }) => name.includes(values.change));
    const next = async (): Promise<void> => {
      const change = waiting.shift();
      if (change === undefined) return;
      const project = `${shaped}-${change.name.replace(/\W+/g, "-")}`;
      const cell = await measure(tool, shaped, project, change);
      cells.push(cell);
      console.log(row(change.name, shape.name, cell));
      if (values.details) console.log(details(cell));
      else await rm(project, { recursive: true });
      return next();
    };
    // The programs of a cell wait for each other.
    await Promise.all([next(), next()]);
  }
  const sum = (count: (cell: Cell) => number) => cells.filter((cell) => count(cell) > 0).length;
  console.log(
    `${cells.length} cells: ${sum(({ spurious }) => spurious.length)} with spurious files, ${sum(({ lost }) => lost.length)} with lost lines, ${sum((cell) => Number(cell.falseUpToDate))} falsely up to date, ${sum(({ badAdvice }) => badAdvice.length)} with bad advice`,
  );
} finally {
  if (!values.details) await rm(folder, { recursive: true, force: true });
}

function row(change: string, shape: string, cell: Cell): string {
  const { spurious, lost, falseUpToDate, badAdvice, compiles, compilesAfterCommand } = cell;
  const yes = (value: boolean | undefined) => (value === undefined ? "" : value ? "yes" : "no");
  const counts = [spurious.length, lost.length, falseUpToDate ? 1 : 0, badAdvice.length];
  const columns = [change, shape, ...counts, yes(compiles), yes(compilesAfterCommand)];
  return `| ${columns.join(" | ")} |`;
}

function details({ spurious, lost, badAdvice, output }: Cell): string {
  return [output, "spurious:", ...spurious, "lost:", ...lost, "bad advice:", ...badAdvice].join(
    "\n",
  );
}

async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
}
