import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { bundle } from "./build/bundle.ts";
import { compileStarters } from "./build/compile-starters.ts";
import { writeLicenses } from "./build/licenses.ts";
import { precompileTemplates } from "./build/precompile-templates.ts";

/**
 * Makes dist/, which is published beside templates/: the commands as one bundle, what is compiled in
 * advance (templates and the protos of starters), and the licenses of what is bundled.
 */
const root = packageRoot();
const dist = join(root, "dist");
await mkdir(dist, { recursive: true });
// What \`make pack\` has made stays: projects depend on it.
for (const name of await readdir(dist)) {
  if (name !== "packs") await rm(join(dist, name), { recursive: true });
}
const [modules] = await Promise.all([
  bundle(root, dist),
  precompileTemplates(root, dist),
  compileStarters(root, dist),
]);
await writeLicenses(modules, join(dist, "THIRD-PARTY-LICENSES.txt"));
