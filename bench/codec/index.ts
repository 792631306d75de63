import { parseArgs } from "node:util";
import { endWith } from "../end-with.ts";
import type { Section } from "../goals.ts";
import { chosenParts, type Parts, printSections } from "../parts.ts";
import { prepare, type Run } from "./run.ts";
import { benchSize } from "./size.ts";
import { benchSpeed } from "./speed.ts";

const parts: Parts<(run: Run) => Promise<Section>> = {
  encode: benchSpeed("encode"),
  decode: benchSpeed("decode"),
  size: benchSize,
};

/** Measures and prints everything, or the parts named by --only. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      fixture: { type: "string", multiple: true },
      node: { type: "string" },
      seconds: { type: "string", default: "3" },
      rounds: { type: "string", default: "3" },
      processes: { type: "string", default: "2" },
    },
  });
  const chosen = chosenParts(parts, values.only);
  const run = await prepare({
    node: values.node,
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    processes: Number(values.processes),
    fixtures: values.fixture,
  });
  return printSections(chosen.map((part) => () => part(run)));
}

await endWith(main);
