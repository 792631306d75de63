import { chmod, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { rolldown } from "rolldown";

/**
 * Bundles the library into `dist`, one file per entry with shared chunks, so that a server loads few
 * files.
 *
 * @returns the sources in each file, by its path in `dist`; paths of sources are relative to `src`
 */
export async function bundleLibrary(
  library: string,
  dist: string,
): Promise<Map<string, readonly string[]>> {
  const build = await rolldown({
    cwd: library,
    input: { ...(await libraryEntries(library)), "bin/health-check": "src/bin/health-check.ts" },
    platform: "node",
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  });
  try {
    const { output } = await build.write({
      dir: dist,
      format: "esm",
      // Editors show those of the declarations.
      comments: false,
      sourcemap: true,
      // The package has the sources themselves.
      sourcemapExcludeSources: true,
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name]-[hash].js",
      codeSplitting: { groups: sharedChunks },
    });
    await chmod(join(dist, "bin/health-check.js"), 0o755);
    const sources = join(library, "src");
    return new Map(
      output.flatMap((file): [string, string[]][] =>
        file.type === "chunk"
          ? [[file.fileName, file.moduleIds.map((id) => relative(sources, id))]]
          : [],
      ),
    );
  } finally {
    await build.close();
  }
}

/** What only one side of a call uses, beside the folder of that side. */
const clientInternals =
  "cancel-twice|client-sessions|client-stream|decompression-failure|held-status|write-failure";
const serverInternals =
  "ended-requests|ended-streams|http2-servers|idle-timeout|request-headers|send-order";

/**
 * What most programs share goes into one file per group, rather than into a chunk per set of entries
 * that use it: each file that is loaded costs half a millisecond. A source goes into the first group
 * that wants it, and takes along what it imports.
 */
const sharedChunks = [
  {
    name: "core",
    test: /\/src\/(?!index|error-details|listen)[^/]*\.ts$|\/(?:status_pb|server\/limits|cut-off|ping-when-closed|property|response-metadata)\.ts$/,
    priority: 2,
  },
  {
    name: "client",
    test: new RegExp(`/src/client/(?!index)|/(?:${clientInternals})\\.ts$`),
    priority: 1,
  },
  {
    name: "server",
    test: new RegExp(`/src/server/(?!index)|/listen\\.ts$|/(?:${serverInternals})\\.ts$`),
    priority: 1,
  },
  {
    name: "interceptor",
    test: /\/(?:call-end|caller-key|identity|logging|outage-log|recovery|scope|secrets)\.ts$/,
  },
  {
    name: "settings",
    test: /\/src\/config\/(?!index)|\/app\/(?:print-problem|reason|resource)\.ts$/,
  },
];

/** Name of each file in dist -> its source, as package.json exports them. */
export async function libraryEntries(library: string): Promise<Record<string, string>> {
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
