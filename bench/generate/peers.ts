import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../tooling/corpus/cache.ts";
import { run } from "../../tooling/packed/commands.ts";

/** Programs that we compare with; pinned, so that numbers can be compared, too. */
const dependencies = {
  "@protobuf-ts/plugin": "2.11.1",
  "create-vite": "9.3.0",
  "ts-proto": "2.18.0",
};

/** Installs the peers once and returns the folder of each. */
export async function installPeers(): Promise<(peer: keyof typeof dependencies) => string> {
  const folder = join(cacheFolder, "peers");
  const manifest = join(folder, "package.json");
  const wanted = JSON.stringify({ private: true, dependencies }, null, 2);
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(installed) || (await readFile(manifest, "utf8")) !== wanted) {
    await mkdir(folder, { recursive: true });
    await writeFile(manifest, wanted);
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    await run("npm", ["install", ...flags], { cwd: folder });
  }
  return (peer) => join(folder, "node_modules", peer);
}
