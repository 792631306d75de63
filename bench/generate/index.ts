import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { bundleCommands } from "../../tooling/plugins/plugin-process.ts";
import { endWith } from "../end-with.ts";
import type { Section } from "../goals.ts";
import { type Goal, goalTable, isMet } from "../goals.ts";
import { benchLinearity } from "./linearity.ts";
import { benchPackage } from "./package.ts";
import { benchPlugins } from "./plugins.ts";
import { benchScaffolder } from "./scaffolder.ts";

const sections: Readonly<Record<string, (capMs: number) => Promise<Section>>> = {
  plugins: benchPlugins,
  linearity: benchLinearity,
  scaffolder: benchScaffolder,
  package: benchPackage,
};

/** Measures and prints everything, or the sections named by --only. Ends with 1 for a missed goal. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: Object.keys(sections) },
      cap: { type: "string", default: "60" },
    },
  });
  if (!existsSync(bundleCommands().plugin[0])) {
    throw new Error("the benchmark runs what is published: npm run build first");
  }
  const goals: Goal[] = [];
  for (const name of values.only) {
    const section = sections[name];
    if (section === undefined) throw new Error(`--only takes ${Object.keys(sections).join(", ")}`);
    const { title, table, goals: own } = await section(Number(values.cap) * 1000);
    console.log(`\n${title}\n\n${table}`);
    goals.push(...own);
  }
  console.log(`\nGoals\n\n${goalTable(goals)}`);
  return goals.every(isMet) ? 0 : 1;
}

await endWith(main);
