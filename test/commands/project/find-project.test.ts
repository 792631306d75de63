import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { findProject } from "../../../src/commands/project/find-project.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
});

const ours = JSON.stringify({
  engines: { node: ">=20.19" },
  packageManager: "pnpm@10.1.0",
  dependencies: { "@grpc/grpc-js": "^1.14.0", odd: 1 },
  devDependencies: { "create-grpc-service": "0.1.0" },
});

test("finds the project in its folder and from below", async () => {
  await writeFiles(root, { "package.json": ours, "src/package.json": '{ "type": "module" }' });
  await mkdir(join(root, "src/gen"));
  for (const cwd of [root, join(root, "src"), join(root, "src/gen")]) {
    expect(findProject(cwd)).toEqual({
      root,
      manifest: {
        version: undefined,
        node: ">=20.19",
        packageManager: "pnpm",
        dependencies: new Map([
          ["@grpc/grpc-js", "^1.14.0"],
          ["create-grpc-service", "0.1.0"],
        ]),
      },
    });
  }
});

test("npm is the package manager unless package.json names another one", async () => {
  await writeFiles(root, { "package.json": '{ "dependencies": { "create-grpc-service": "*" } }' });
  expect(findProject(root).manifest.packageManager).toBe("npm");
});

test.each([
  ["no project", '{ "name": "other" }', "no project here: "],
  ["not JSON", '{\n  "name": "x",\n  "version" "1"\n}', ":3:13 is not valid JSON: colon expected"],
  ["an unfinished file", "{", "package.json:1:2 is not valid JSON: close brace expected"],
  ["a merge conflict", "{\n<<<<<<< HEAD\n}", "package.json:2:1 is not valid JSON: invalid symbol"],
  ["an empty file", "", "package.json is empty, but must be a JSON object"],
  ["not an object", "1", "package.json must be a JSON object"],
])("refuses %s", async (_, text, message) => {
  await writeFiles(root, { "package.json": text });
  expect(() => findProject(root)).toThrow(UsageError);
  expect(() => findProject(root)).toThrow(message);
});

test("a byte order mark is not an error", async () => {
  await writeFiles(root, {
    "package.json": '\uFEFF{ "dependencies": { "create-grpc-service": "*" } }',
  });
  expect(findProject(root).root).toBe(root);
});

test("a package.json that cannot be read is named", async () => {
  await mkdir(join(root, "package.json"));
  expect(() => findProject(root)).toThrow(`cannot read ${join(root, "package.json")}: EISDIR`);
});
