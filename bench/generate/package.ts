import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { packageManifest } from "../../src/package-root.ts";
import { attempt } from "../../tooling/packed/commands.ts";
import { table } from "../../tooling/table.ts";
import type { Section } from "../goals.ts";
import { inFreshFolders } from "./fresh-folders.ts";
import type { Sample } from "./measure.ts";
import { published } from "./published.ts";
import { type LocalRegistry, startRegistry } from "./registry.ts";
import { interleave } from "./rounds.ts";

/** What `npm create` runs, from a registry on this machine and with an empty npm cache. */
const commands = {
  "create-vite": ["create-vite", "app", "--template", "vanilla-ts", "--no-interactive"],
  "nothing but our dependency": ["create-nothing"],
  ours: ["create-grpc-service", "app", "--starter", "user", "--yes", "--no-install", "--no-git"],
};

/** The published package: its size, its dependencies, and how long a first `npm create` takes. */
export async function benchPackage(): Promise<Section> {
  console.error("the published package");
  return inFreshFolders(async (freshFolder) => {
    const packages = await published(await freshFolder());
    const registry = await startRegistry(packages);
    try {
      const runners = Object.entries(commands).map(([name, [bin = "", ...args]]) => ({
        name,
        run: async () => npmCreate(registry, await freshFolder(), bin, args),
      }));
      const results = await interleave(runners, { rounds: 5, budgetMs: 60_000 });
      const failed = results.find(({ outcome }) => outcome !== "done");
      if (failed !== undefined) throw new Error(`npm create of ${failed.name} failed`);
      const kb = new Map<string, number>();
      for (const { name, tarball } of packages) {
        if (tarball !== undefined) kb.set(name, (await stat(tarball)).size / 1000);
      }
      const [vite = 0, nothing = 0, own = 0] = results.map(({ ms }) => ms);
      const size = (name: string) => kb.get(name) ?? 0;
      return {
        title: "Published package",
        table: table(
          ["", "tarball KB", "cold npm create, ms"],
          [
            ["create-vite", size("create-vite").toFixed(0), vite.toFixed(0)],
            ["nothing but our dependency", "", nothing.toFixed(0)],
            ["ours", size("create-grpc-service").toFixed(0), own.toFixed(0)],
          ],
        ),
        goals: [
          { what: "tarball", measured: size("create-grpc-service"), most: 600, unit: "KB" },
          {
            what: "runtime dependencies",
            measured: Object.keys(packageManifest().dependencies).length,
            most: 1,
            unit: "",
          },
          { what: "cold npm create: time, create-vite", measured: own / vite, most: 3 },
        ],
      };
    } finally {
      await registry.close();
    }
  });
}

async function npmCreate(
  registry: LocalRegistry,
  folder: string,
  bin: string,
  args: readonly string[],
): Promise<Sample> {
  const project = join(folder, "project");
  await mkdir(project);
  const start = performance.now();
  const settings = ["--yes", `--registry=${registry.url}`, `--cache=${join(folder, "cache")}`];
  const { exitCode } = await attempt("npm", ["exec", ...settings, "--", bin, ...args], {
    cwd: project,
  });
  return {
    ms: performance.now() - start,
    peakMb: Number.NaN,
    outcome: exitCode === 0 ? "done" : "failed",
  };
}
