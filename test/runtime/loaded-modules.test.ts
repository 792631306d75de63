import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const runtime = join(import.meta.dirname, "..", "..", "runtime", "src");

/** Imports and re-exports of values, which exist at run time. */
const statement = /^(?:import|export) (?!type )[^;]*? ?from "(\.[^"]*)";/gm;

/** Paths of the modules that are loaded with `entries`. */
function loadedFor(...entries: string[]): string[] {
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const [, from = ""] of readFileSync(path, "utf8").matchAll(statement)) {
      load(join(path, "..", from));
    }
  };
  for (const entry of entries) load(join(runtime, entry));
  return [...loaded].map((path) => relative(runtime, path)).sort();
}

/** Modules that are loaded only on demand. */
const optional = /^(health|reflection|tls)\/|^rpc\/grpc\/|health-client/;

test.each([
  ["a server", ["index.ts", "server/index.ts"], /^client\/|plain-server|error_details_pb/],
  ["a plain server", ["index.ts", "plain-server.ts"], /^client\/|grpc-server|dispatch/],
  ["a client", ["index.ts", "client/index.ts"], /^server\/(?!limits)/],
  ["health", ["health/index.ts"], /^(server|reflection|tls)\/(?!limits)/],
  ["the health of another", ["health-client.ts"], /^(server|health|reflection|tls)\/(?!limits)/],
  ["reflection", ["reflection/index.ts"], /^(server|health|tls)\/(?!limits)/],
])("%s loads what it uses", (_, entries, foreign) => {
  const loaded = loadedFor(...entries);
  expect(loaded.length).toBeGreaterThan(entries.length);
  expect(loaded.filter((path) => foreign.test(path))).toEqual([]);
  const [door = ""] = entries.slice(-1);
  if (!optional.test(door)) expect(loaded.filter((path) => optional.test(path))).toEqual([]);
});

// Unbundled, each costs a third of a millisecond of every start. The published package is bundled.
test("a server loads few modules", () => {
  expect(loadedFor("index.ts", "server/index.ts").length).toBeLessThanOrEqual(48);
});
