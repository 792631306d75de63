import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { endWith } from "../end-with.ts";
import { chosenParts, type Parts } from "../parts.ts";
import { benchBackpressure } from "./backpressure.ts";
import { Bench } from "./bench.ts";
import { benchCancellation } from "./cancellation.ts";
import { benchDraining } from "./draining.ts";
import { benchFailures } from "./failures.ts";
import { benchHostile } from "./hostile.ts";
import { benchNeighbours } from "./neighbours.ts";
import type { PartOptions } from "./options.ts";
import { benchOutage } from "./outage.ts";
import { benchOverload } from "./overload.ts";
import { benchResets } from "./resets.ts";
import { isKept, type Row, rowTable } from "./rows.ts";
import { benchShutdown } from "./shutdown.ts";
import { benchUnread } from "./unread.ts";

const parts: Parts<(bench: Bench, options: PartOptions) => Promise<Row[]>> = {
  failures: benchFailures,
  backpressure: benchBackpressure,
  cancellation: benchCancellation,
  shutdown: benchShutdown,
  draining: benchDraining,
  outage: benchOutage,
  hostile: benchHostile,
  neighbours: benchNeighbours,
  resets: benchResets,
  unread: benchUnread,
  overload: benchOverload,
};

/** Measures all promises, or the parts named by --only. Ends with 1 when ours breaks one. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      node: { type: "string" },
      long: { type: "boolean", default: false },
    },
  });
  const chosen = chosenParts(parts, values.only);
  const bench = await Bench.prepare(values.node);
  const rows: Row[] = [];
  try {
    for (const part of chosen) {
      const measured = await part(bench, values);
      const [load = Number.NaN] = loadavg();
      rows.push(...measured.map((row) => ({ ...row, load })));
    }
  } finally {
    await bench.stopAll();
  }
  console.log(rowTable(rows));
  return rows.every(isKept) ? 0 : 1;
}

await endWith(main);
