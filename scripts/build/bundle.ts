import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { fasterProtoplugin } from "./faster-protoplugin.ts";
import { precompiledTemplates } from "./precompiled-templates.ts";
import { protocGenEs } from "./protoc-gen-es.ts";

/** The commands of the package and the source each is built from. */
const entries = {
  "create-grpc-service": "src/scaffold/bin.ts",
  "protoc-gen-grpc-service": "src/plugin/bin.ts",
};

/**
 * protoplugin loads TypeScript (32 MB) as it starts, to transpile for plugins that print nothing
 * but TypeScript. Ours prints JavaScript and declarations itself, and so does protoc-gen-es.
 */
const transpiler = /protoplugin[\\/]dist[\\/](esm|cjs)[\\/]transpile\.js$/;

/**
 * handlebars does without source-map where there is none, and we ask for no maps. prompts carries
 * a second copy of itself for Node 8.
 */
const missing = "\0missing";

/** Bundles the commands into `dist` and returns the files that went into it. */
export async function bundle(root: string, dist: string): Promise<string[]> {
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(
      Object.entries(entries).map(([name, source]) => [name, join(root, source)]),
    ),
    platform: "node",
    external: [/^node:/],
    plugins: [
      {
        name: "leave-out-typescript",
        load: (id) => (transpiler.test(id) ? "export function transpile() {}" : undefined),
      },
      {
        name: "smaller-libraries",
        resolveId(id, importer) {
          if (id === "prompts") return join(root, "node_modules/prompts/lib/index.js");
          return id === "source-map" && importer?.includes("handlebars") ? missing : undefined;
        },
        load: (id) => (id === missing ? "module.exports = {};" : undefined),
      },
      protocGenEs(root),
      fasterProtoplugin(),
      precompiledTemplates(root),
    ],
  });
  try {
    const { output } = await build.write({
      dir: dist,
      format: "esm",
      minify: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
    });
    await Promise.all(Object.keys(entries).map((name) => chmod(join(dist, `${name}.js`), 0o755)));
    return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
  } finally {
    await build.close();
  }
}
