import { parseArgs } from "node:util";
import { endWith } from "../end-with.ts";
import type { Section } from "../goals.ts";
import { chosenParts, type Parts, printSections } from "../parts.ts";
import { benchClients } from "./clients.ts";
import { prepare, type Run } from "./run.ts";
import { chosenStacks } from "./stacks.ts";
import { benchStalled } from "./stalled.ts";
import { benchStartup } from "./startup.ts";
import { benchStreams } from "./streams.ts";
import { benchUnary } from "./unary.ts";
import { benchWindow } from "./window.ts";

const parts: Parts<(run: Run) => Promise<Section | readonly Section[]>> = {
  unary: benchUnary,
  streams: benchStreams,
  client: benchClients,
  window: benchWindow,
  stalled: benchStalled,
  startup: benchStartup,
};

/**
 * Measures and prints everything, or the parts named by --only, of the servers named by --stacks. Ends
 * with 1 for a missed goal.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      node: { type: "string" },
      seconds: { type: "string", default: "1" },
      rounds: { type: "string", default: "7" },
      processes: { type: "string", default: "2" },
      stacks: { type: "string", multiple: true },
    },
  });
  const chosen = chosenParts(parts, values.only);
  const run = await prepare({
    node: values.node,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    processes: Number(values.processes),
    stacks: chosenStacks(values.stacks),
  });
  return printSections(chosen.map((part) => () => part(run)));
}

await endWith(main);
