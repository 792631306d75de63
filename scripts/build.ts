import { mkdir, rm } from "node:fs/promises";
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
await rm(dist, { recursive: true, force: true });
await mkdir(dist);
const [modules] = await Promise.all([
  bundle(root, dist),
  precompileTemplates(root, dist),
  compileStarters(root, dist),
]);
await writeLicenses(modules, join(dist, "THIRD-PARTY-LICENSES.txt"));
