import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { librarySources } from "./library-sources.ts";
import { linearProtoplugin } from "./linear-protoplugin.ts";

/** The commands of the package and the source each is built from. */
const commands = {
  "create-grpc-service": "src/scaffold/cli/bin.ts",
  "protoc-gen-grpc-service": "src/plugin/bin.ts",
  "grpc-service": "src/commands/bin.ts",
};

/** What a command runs in a process of its own. */
const programs = { "task-process": "src/commands/tasks/task-process.ts" };

/**
 * Bundles the commands into `dist` and returns the files that went into it. They are CommonJS, which
 * Node.js starts sooner than modules: by 5 ms of a plugin's 90.
 */
export async function bundle(root: string, dist: string): Promise<string[]> {
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(
      Object.entries({ ...commands, ...programs }).map(([name, source]) => [
        name,
        join(root, source),
      ]),
    ),
    platform: "node",
    // Handlebars itself compiles templates in a checkout only.
    external: [/^node:/, "handlebars"],
    // protoplugin loads the compiler (32 MB) as it starts, to transpile for plugins that print only
    // TypeScript. Ours prints JavaScript and declarations itself, and so does protoc-gen-es.
    // grpc-js loads proto-loader, with protobufjs, only to serve channelz, which no command does.
    // The main file of jsonc-parser is UMD, whose imports no bundler follows.
    resolve: {
      alias: {
        typescript: false,
        "@typescript/vfs": false,
        "@grpc/proto-loader": false,
        "jsonc-parser": join(root, "node_modules/jsonc-parser/lib/esm/main.js"),
      },
    },
    plugins: [linearProtoplugin(), await librarySources(join(root, "runtime"))],
  });
  try {
    const { output } = await build.write({
      dir: dist,
      format: "cjs",
      minify: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
    });
    await writeFile(join(dist, "package.json"), '{ "type": "commonjs" }\n');
    await Promise.all(Object.keys(commands).map((name) => chmod(join(dist, `${name}.js`), 0o755)));
    return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
  } finally {
    await build.close();
  }
}
