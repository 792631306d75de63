import { chmod, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { rolldown } from "rolldown";
import { packageRoot } from "../src/package-root.ts";
import { keepReachable } from "./build/reachable-declarations.ts";

/**
 * Makes runtime/dist: JavaScript bundled per entry with shared chunks, so that a server loads few
 * files, and declarations file by file, so that editors find the source of what they show.
 */
const library = join(packageRoot(), "runtime");
const dist = join(library, "dist");
await rm(dist, { recursive: true, force: true });
await Promise.all([bundle(), declare()]);

async function bundle(): Promise<void> {
  const build = await rolldown({
    cwd: library,
    input: { ...(await entries()), "bin/health-check": "src/bin/health-check.ts" },
    platform: "node",
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  });
  try {
    await build.write({
      dir: dist,
      format: "esm",
      // Editors show those of the declarations.
      comments: false,
      sourcemap: true,
      // The package has the sources themselves.
      sourcemapExcludeSources: true,
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name]-[hash].js",
    });
  } finally {
    await build.close();
  }
  await chmod(join(dist, "bin/health-check.js"), 0o755);
}

async function declare(): Promise<void> {
  const compiler = join(packageRoot(), "node_modules/typescript/bin/tsc");
  await execa(process.execPath, [compiler, "-p", library], { stdio: "inherit" });
  const sources = Object.values(await entries());
  const declarations = sources.map((source) => source.replace(/^\.\/src\/(.*)\.ts$/, "$1.d.ts"));
  await keepReachable(join(dist, "types"), declarations);
}

/** Name of each file in dist -> its source, as package.json exports them. */
async function entries(): Promise<Record<string, string>> {
  const manifest: { exports: Record<string, Record<string, string>> } = JSON.parse(
    await readFile(join(library, "package.json"), "utf8"),
  );
  return Object.fromEntries(
    Object.values(manifest.exports).map(
      ({ default: file = "", "@grpc-service/source": source = "" }) => [
        file.replace(/^\.\/dist\/|\.js$/g, ""),
        source,
      ],
    ),
  );
}
