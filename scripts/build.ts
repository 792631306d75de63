import { rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { bundle } from "./build/bundle.ts";
import { writeLicenses } from "./build/licenses.ts";
import { compileRuntime } from "./build/runtime.ts";

/**
 * Makes dist/: the two commands as one bundle, the runtime as JavaScript and declarations (for
 * `target=js+dts`), and the licenses of what is bundled.
 */
const root = packageRoot();
const dist = join(root, "dist");
await rm(dist, { recursive: true, force: true });
const [modules] = await Promise.all([bundle(root, dist), compileRuntime(root)]);
await writeLicenses(modules, join(dist, "THIRD-PARTY-LICENSES.txt"));
