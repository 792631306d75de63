import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../tooling/packed/commands.ts";

/** Installs exactly these packages in a folder; without the network when they are there. */
export async function install(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<void> {
  const manifest = join(folder, "package.json");
  const wanted = JSON.stringify({ private: true, type: "module", dependencies }, null, 2);
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(installed) && (await readFile(manifest, "utf8")) === wanted) return;
  await mkdir(folder, { recursive: true });
  await writeFile(manifest, wanted);
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
}
