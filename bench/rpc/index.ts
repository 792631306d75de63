import { parseArgs } from "node:util";
import { endWith } from "../end-with.ts";
import { type Goal, goalTable, isMet, type Section } from "../goals.ts";
import { benchClients } from "./clients.ts";
import { prepare, type Run } from "./run.ts";
import { benchStalled } from "./stalled.ts";
import { benchStartup } from "./startup.ts";
import { benchStreams } from "./streams.ts";
import { benchUnary } from "./unary.ts";
import { benchWindow } from "./window.ts";

const parts: Readonly<Record<string, (run: Run) => Promise<Section | readonly Section[]>>> = {
  unary: benchUnary,
  streams: benchStreams,
  client: benchClients,
  window: benchWindow,
  stalled: benchStalled,
  startup: benchStartup,
};

/** Measures and prints everything, or the parts named by --only. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      node: { type: "string" },
      seconds: { type: "string", default: "1" },
      rounds: { type: "string", default: "7" },
      processes: { type: "string", default: "2" },
    },
  });
  const unknown = values.only.find((name) => parts[name] === undefined);
  if (unknown !== undefined) throw new Error(`--only takes ${Object.keys(parts).join(", ")}`);
  const run = await prepare({
    node: values.node,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    processes: Number(values.processes),
  });
  const goals: Goal[] = [];
  for (const [name, bench] of Object.entries(parts)) {
    if (!values.only.includes(name)) continue;
    for (const { title, table, goals: own } of [await bench(run)].flat()) {
      console.log(`\n${title}\n\n${table}`);
      goals.push(...own);
    }
  }
  console.log(`\nGoals\n\n${goalTable(goals)}`);
  return goals.every(isMet) ? 0 : 1;
}

await endWith(main);
