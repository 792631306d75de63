import { parseArgs } from "node:util";
import { endWith } from "../end-with.ts";
import { benchBackpressure } from "./backpressure.ts";
import { Bench } from "./bench.ts";
import { benchCancellation } from "./cancellation.ts";
import { benchFailures } from "./failures.ts";
import { benchHostile } from "./hostile.ts";
import { benchOutage } from "./outage.ts";
import { isKept, type Row, rowTable } from "./rows.ts";
import { benchShutdown } from "./shutdown.ts";

const parts: Readonly<Record<string, (bench: Bench) => Promise<Row[]>>> = {
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
  const unknown = values.only.find((name) => parts[name] === undefined);
  if (unknown !== undefined) throw new Error(`--only takes ${Object.keys(parts).join(", ")}`);
  const bench = await Bench.prepare(values.node);
  const rows: Row[] = [];
  try {
    for (const [name, part] of Object.entries(parts)) {
      if (values.only.includes(name)) rows.push(...(await part(bench)));
    }
  } finally {
    await bench.stopAll();
  }
  console.log(rowTable(rows));
  return rows.every(isKept) ? 0 : 1;
}

await endWith(main);
