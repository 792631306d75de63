import { join } from "node:path";
import { bundleCommands } from "../../tooling/plugins/plugin-process.ts";
import { table } from "../../tooling/table.ts";
import type { Section } from "../goals.ts";
import { inFreshFolders } from "./fresh-folders.ts";
import { contender, measure } from "./measure.ts";
import { installPeers } from "./peers.ts";
import { interleave } from "./rounds.ts";

/** Runs the scaffolder, a bare node script and create-vite; each writes into a fresh folder. */
export async function benchScaffolder(capMs: number): Promise<Section> {
  console.error("the scaffolder");
  const { scaffolder } = bundleCommands();
  const vite = join((await installPeers())("create-vite"), "index.js");
  // As from a registry: a checkout would pack both packages first.
  const published = ["--self", "^0.1.0", "--runtime", "^0.1.0"];
  const starter = ["--starter", "user", "--yes", "--no-install", "--no-git", ...published];
  const commands = {
    "raw node script": [contender("bare.mjs")],
    "create-vite: vanilla-ts": [vite, "app", "--template", "vanilla-ts", "--no-interactive"],
    "ours: --help": [...scaffolder, "--help"],
    "ours: user starter": [...scaffolder, "app", ...starter],
  };
  const results = await inFreshFolders((freshFolder) => {
    const runners = Object.entries(commands).map(([name, command]) => ({
      name,
      run: async () => measure({ command, cwd: await freshFolder() }, capMs),
    }));
    return interleave(runners, { rounds: 15, budgetMs: 30_000 });
  });
  const failed = results.find(({ outcome }) => outcome !== "done");
  if (failed !== undefined) throw new Error(`${failed.name}: ${failed.outcome}`);
  const [bare = 0, , help = 0, user = 0] = results.map(({ ms }) => ms);
  return {
    title: "Scaffolders",
    table: table(
      ["", "ms", "peak MB"],
      results.map(({ name, ms, peakMb }) => [name, ms.toFixed(0), peakMb.toFixed(0)]),
    ),
    goals: [
      { what: "scaffolder, --help: time, raw node script", measured: help / bare, most: 1.4 },
      { what: "scaffolder, user starter: time, raw node script", measured: user / bare, most: 3 },
    ],
  };
}
