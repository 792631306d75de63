import { parseArgs } from "node:util";
import { endWith } from "../end-with.ts";
import { chosenParts, type Parts } from "../parts.ts";
import { benchBackpressure } from "./backpressure.ts";
import { Bench } from "./bench.ts";
import { benchCancellation } from "./cancellation.ts";
import { benchFailures } from "./failures.ts";
import { benchHostile } from "./hostile.ts";
import { benchOutage } from "./outage.ts";
import { isKept, type Row, rowTable } from "./rows.ts";
import { benchShutdown } from "./shutdown.ts";

const parts: Parts<(bench: Bench) => Promise<Row[]>> = {
  failures: benchFailures,
  backpressure: benchBackpressure,
  cancellation: benchCancellation,
  shutdown: benchShutdown,
  outage: benchOutage,
  hostile: benchHostile,
};

/** Measures all promises, or the parts named by --only. Ends with 1 when ours breaks one. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      node: { type: "string" },
    },
  });
  const chosen = chosenParts(parts, values.only);
  const bench = await Bench.prepare(values.node);
  const rows: Row[] = [];
  try {
    for (const part of chosen) rows.push(...(await part(bench)));
  } finally {
    await bench.stopAll();
  }
  console.log(rowTable(rows));
  return rows.every(isKept) ? 0 : 1;
}

await endWith(main);
