import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "rolldown";

/**
 * Takes the library `grpc-service` from its sources, as the tests do: its own build comes later, and may be
 * old.
 */
export async function librarySources(library: string): Promise<Plugin> {
  const manifest: { name: string; exports: Record<string, Record<string, string>> } = JSON.parse(
    await readFile(join(library, "package.json"), "utf8"),
  );
  const sources = new Map(
    Object.entries(manifest.exports).map(([path, conditions]) => [
      manifest.name + path.slice(1),
      join(library, conditions["@grpc-service/source"] ?? ""),
    ]),
  );
  return {
    name: "library-sources",
    resolveId: (id) => sources.get(id),
  };
}
