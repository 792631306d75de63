import { rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { bundle } from "./build/bundle.ts";
import { writeLicenses } from "./build/licenses.ts";
import { writePacks } from "./build/packs.ts";

/**
 * Makes dist/, which is all that is published: the commands as one bundle, templates/ in packs, and the
 * licenses of what is bundled.
 */
const root = packageRoot();
const dist = join(root, "dist");
await rm(dist, { recursive: true, force: true });
const modules = await bundle(root, dist);
await writePacks(join(root, "templates"), root);
await writeLicenses(modules, join(dist, "THIRD-PARTY-LICENSES.txt"));
