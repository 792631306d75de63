import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { circlesOf } from "../support/circles.ts";

const runtime = join(import.meta.dirname, "..", "..", "runtime", "src");

/** Source of every file of the runtime, by its path. */
const sources = new Map(
  readdirSync(runtime, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [path, readFileSync(join(runtime, path), "utf8")]),
);

/** The files that each file imports, by types only or not. */
const imports = new Map(
  [...sources].map(([path, source]) => [
    path,
    [...source.matchAll(/\bfrom "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/g)].map(([, from, dynamic]) =>
      join(dirname(path), from ?? dynamic ?? ""),
    ),
  ]),
);

test("a circle is found", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["c", []],
    ["d", ["c", "b"]],
  ]);
  expect(circlesOf(graph)).toEqual(["b -> d -> b"]);
});

describe("files of the runtime", () => {
  test("import files that are there", () => {
    const missing = [...imports].flatMap(([path, imported]) =>
      imported.filter((target) => !sources.has(target)).map((target) => `${path}: ${target}`),
    );
    expect(imports.size).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  test("import each other without circles, types included", () => {
    expect(circlesOf(imports)).toEqual([]);
  });

  // Shared files stay loadable by one side without the other. Limits are types and constants.
  test.each([
    ["grpc-js-internals", /^(server|client|health|reflection|tls)\//],
    ["server", /^(client|health|reflection|tls)\//],
    ["client", /^(server|health|reflection|tls)\//],
    ["tls", /^(server|client|health|reflection)\//],
  ])("of %s import no other side", (folder, others) => {
    const foreign = [...imports]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .flatMap(([path, imported]) =>
        imported.filter((target) => others.test(target)).map((target) => `${path}: ${target}`),
      );
    expect(foreign).toEqual([]);
  });

  // Each reader of a private field has a fall-back and a canary test in grpc-js-internals.
  test("read private fields in grpc-js-internals only", () => {
    const readers = [...sources]
      .filter(([, source]) => source.includes("Reflect.get("))
      .map(([path]) => path);
    // Handlers of the user, fast methods of Buffer, what an error of pg says, and what pg needs to cancel.
    const own = [
      ...["implement.ts", "codec/buffer-part.ts", "codec/native-text.ts"],
      ...["postgres/cancel-request.ts", "postgres/failures.ts"],
    ];
    expect(readers.filter((path) => !path.startsWith("grpc-js-internals/"))).toEqual(own);
  });

  test("of grpc-js-internals have a test each", () => {
    const tests = readdirSync(join(import.meta.dirname, "grpc-js-internals"));
    const untested = [...sources.keys()]
      .filter((path) => dirname(path) === "grpc-js-internals")
      .map((path) => path.slice("grpc-js-internals/".length).replace(/\.ts$/, ".test.ts"))
      .filter((name) => !tests.includes(name));
    expect(untested).toEqual([]);
  });
});
