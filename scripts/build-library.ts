import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../src/package-root.ts";
import { bundleLibrary, libraryEntries } from "./build/bundle-library.ts";
import { keepReachable } from "./build/reachable-declarations.ts";

/**
 * Makes runtime/dist: bundled JavaScript, and declarations file by file, so that editors find the
 * source of what they show.
 */
const library = join(packageRoot(), "runtime");
const dist = join(library, "dist");
await rm(dist, { recursive: true, force: true });
await Promise.all([bundleLibrary(library, dist), declare()]);

async function declare(): Promise<void> {
  const compiler = join(packageRoot(), "node_modules/typescript/bin/tsc");
  await execa(process.execPath, [compiler, "-p", library], { stdio: "inherit" });
  const sources = Object.values(await libraryEntries(library));
  const declarations = sources.map((source) => source.replace(/^\.\/src\/(.*)\.ts$/, "$1.d.ts"));
  await keepReachable(join(dist, "types"), declarations);
}
