import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { bundleCommands } from "../../tooling/plugins/plugin-process.ts";
import { endWith } from "../end-with.ts";
import type { Section } from "../goals.ts";
import { chosenParts, type Parts, printSections } from "../parts.ts";
import { benchLinearity } from "./linearity.ts";
import { benchPackage } from "./package.ts";
import { benchPlugins } from "./plugins.ts";
import { benchScaffolder } from "./scaffolder.ts";

const parts: Parts<(capMs: number) => Promise<Section>> = {
  plugins: benchPlugins,
  linearity: benchLinearity,
  scaffolder: benchScaffolder,
  package: benchPackage,
};

/** Measures and prints everything, or the parts named by --only. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(parts) },
      cap: { type: "string", default: "60" },
    },
  });
  if (!existsSync(bundleCommands().plugin[0])) {
    throw new Error("the benchmark runs what is published: npm run build first");
  }
  const capMs = Number(values.cap) * 1000;
  return printSections(chosenParts(parts, values.only).map((part) => () => part(capMs)));
}

await endWith(main);
