import { join } from "node:path";
import { rolldown } from "rolldown";
import { cacheFolder } from "../../tooling/corpus/cache.ts";
import { contender } from "./measure.ts";

/**
 * Bundles the empty plugin as our own is: protoplugin without TypeScript, which it would load as it
 * starts. What is left is what every plugin on protoplugin pays.
 */
export async function bundleEmptyPlugin(): Promise<string> {
  const file = join(cacheFolder, "peers", "empty-bundled.mjs");
  const build = await rolldown({
    input: contender("empty.mjs"),
    platform: "node",
    external: [/^node:/],
    resolve: { alias: { typescript: false, "@typescript/vfs": false } },
  });
  try {
    await build.write({ file, format: "esm", minify: true });
  } finally {
    await build.close();
  }
  return file;
}
