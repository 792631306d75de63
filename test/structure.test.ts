import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../src/package-root.ts";
import { circlesOf } from "./support/circles.ts";

const root = packageRoot();

/** The folders at the root with code of this repository, and those whose modules they may import. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  src: ["runtime"],
  runtime: [],
  // What scripts, benchmarks and tests share.
  tooling: ["src"],
  scripts: ["src", "tooling"],
  bench: ["src", "runtime", "tooling", "examples", "test/runtime/support", "test/ops/services"],
};

/** Every relative import in a folder; paths are relative to the root. */
function importsOf(folder: string): [file: string, imported: string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[cm]?[jt]s$/.test(path) && !/(?:^|\/)(?:node_modules|dist)\//.test(path))
    .map((path) => join(folder, path))
    .flatMap((file) => {
      const source = readFileSync(join(root, file), "utf8");
      const specifiers = source.matchAll(/(?:\bfrom |\bimport\(|^import )"(\.[^"]+)"/gm);
      return [...specifiers].map(([, path = ""]): [string, string] => [
        file,
        relative(root, join(root, dirname(file), path)),
      ]);
    });
}

test.each(Object.entries(allowed))("%s imports only itself and %j", (folder, others) => {
  const imports = importsOf(folder);
  expect(imports).not.toEqual([]);
  const foreign = imports.filter(
    ([, imported]) => ![folder, ...others].some((name) => imported.startsWith(`${name}/`)),
  );
  expect(foreign.map(([file, imported]) => `${file} -> ${imported}`)).toEqual([]);
});

test.each(["src", "tooling", "scripts"])(
  "files of %s import each other without circles, types included",
  (folder) => {
    const graph = new Map<string, string[]>();
    for (const [file, imported] of importsOf(folder)) {
      graph.set(file, [...(graph.get(file) ?? []), imported]);
    }
    expect(circlesOf(graph)).toEqual([]);
  },
);

test("what programs share imports no command", () => {
  const foreign = importsOf("src").filter(
    ([file, imported]) => !file.startsWith("src/commands/") && imported.startsWith("src/commands/"),
  );
  expect(foreign.map(([file, imported]) => `${file} -> ${imported}`)).toEqual([]);
});
