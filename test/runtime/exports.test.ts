import { beforeAll, expect, test } from "vitest";
import { type LibraryExport, libraryExports } from "./support/library-exports.ts";

let exported: LibraryExport[];

beforeAll(() => {
  exported = libraryExports();
});

// `npx vitest run test/runtime/exports -u` updates the file. Projects break when a line is removed.
test("the public API is the one in exports.golden.txt", async () => {
  const lines = exported.map(({ module, name, kind }) => `${module} ${name}: ${kind}`);
  await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot("exports.golden.txt");
});

test("every export has a docstring", () => {
  const bare = exported.filter(({ documentation }) => documentation.trim() === "");
  expect(bare.map(({ module, name }) => `${module} ${name}`)).toEqual([]);
});
