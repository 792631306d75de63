import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { scaffold } from "../../scripts/scaffold.ts";
import { packageRoot } from "../../src/package-root.ts";
import { readCatalog } from "../../src/scaffold/templates/manifests.ts";
import { temporaryFolder } from "../scaffold/support.ts";
import { readTree } from "../support/emitted-files.ts";
import { codeBlocks } from "../support/markdown.ts";

const names = readCatalog(packageRoot()).starters.map(({ name }) => name);
const expected = join(import.meta.dirname, "expected");

/** The files of a project with the defaults of each starter. */
const projects = new Map<string, ReadonlyMap<string, string>>();

beforeAll(async () => {
  const cwd = await temporaryFolder();
  for (const starter of names) {
    await scaffold(cwd, { directory: starter, starter, self: "0.1.0", runtime: "0.1.0" });
    projects.set(starter, readTree(join(cwd, starter)));
  }
});

const filesOf = (name: string) => projects.get(name) ?? new Map<string, string>();

/** One line for each file: its number of lines, its path. At the end what the user has to read. */
function listing(files: ReadonlyMap<string, string>): string {
  const counted = [...files].map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }));
  const rows = counted.map(({ path, lines }) => `${String(lines).padStart(5)} ${path}`);
  const sum = (title: string, pattern: RegExp): string => {
    const own = counted.filter(({ path }) => pattern.test(path));
    const lines = own.reduce((total, file) => total + file.lines, 0);
    return `${String(lines).padStart(5)} lines in ${own.length} files: ${title}`;
  };
  return [
    ...rows,
    "",
    sum("all", /./),
    sum("src/ without src/gen", /^src\/(?!gen\/)/),
    sum("test/", /^test\//),
    "",
  ].join("\n");
}

// `npx vitest run test/starters -u` updates the lists.
test.each(names)("the files of %s and their lines are those in expected/", async (name) => {
  await expect(listing(filesOf(name))).toMatchFileSnapshot(`expected/${name}.txt`);
});

test("each list belongs to a starter", () => {
  const orphans = readdirSync(expected).filter((file) => !names.includes(file.replace(".txt", "")));
  expect(orphans).toEqual([]);
});

test.each(names)("docs/starter.md of %s has a diagram and the output of the client", (name) => {
  const files = filesOf(name);
  const blocks = codeBlocks(files.get("docs/starter.md") ?? "");
  expect(blocks.map(({ language }) => language)).toContain("mermaid");
  expect(blocks.map(({ text }) => text.split("\n")[0])).toContain("$ npm run client");
});

test.each(names)("%s has a test for each file of src/services", (name) => {
  const files = filesOf(name);
  const handlers = [...files.keys()]
    .filter((path) => /^src\/services\/[^/]+\/(?!index\.ts)/.test(path))
    .map((path) => path.replace(/^src\//, "test/").replace(/\.ts$/, ".test.ts"));
  expect(handlers.length).toBeGreaterThan(0);
  expect(handlers.filter((path) => !files.has(path))).toEqual([]);
});

test("every starter can be told from the others in prompts and in --help", () => {
  const { starters } = readCatalog(packageRoot());
  for (const key of ["title", "description"] as const) {
    expect(new Set(starters.map((starter) => starter[key])).size, key).toBe(starters.length);
  }
  for (const { name } of starters) {
    expect(existsSync(join(packageRoot(), "templates/starters", name, "proto")), name).toBe(true);
  }
});
