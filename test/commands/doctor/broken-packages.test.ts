import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject } from "../support/project.ts";
import { checks, doctor } from "./doctor.ts";

let project: string;
beforeAll(async () => {
  project = await createProject({ generated: true });
});

test("a missing package is named; what does not need it is still checked", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules/pino"));
  const { code, output } = await doctor(root);
  expect(output).toMatch(/^failure +packages +pino is not installed\n +-> npm install$/m);
  expect(output).toMatch(
    /^failure +code +src\/dependencies\.ts: the package pino is not installed$/m,
  );
  expect(output).toMatch(/^skipped +resources +not checked: fix the code first$/m);
  for (const check of ["settings", "generated code"]) {
    expect(output).toMatch(new RegExp(`^ok +${check} `, "m"));
  }
  expect(code).toBe(1);
});

test("a broken package is named", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules/pino"));
  await writeFiles(root, { "node_modules/pino/package.json": '{ "name": ' });
  const { code, output } = await doctor(root);
  expect(output).toMatch(
    /^failure +packages +pino is broken: its package\.json is not valid JSON$/m,
  );
  expect(output).toMatch(/^failure +code +src\/dependencies\.ts: the package pino is broken: /m);
  expect(code).toBe(1);
});

test("without tsx the code is not run", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules/tsx"));
  const { code, output } = await doctor(root);
  expect(output).toMatch(/^failure +packages +tsx is not installed$/m);
  expect(output).toMatch(/^failure +code +.*: tsx is missing or broken$/m);
  expect(output).toMatch(/^skipped +settings +not checked: fix the code first$/m);
  expect(code).toBe(1);
});

test("without the files of tsx the remedy is to install it again", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules/tsx"));
  await writeFiles(root, {
    "node_modules/tsx/package.json": '{ "version": "4.23.15", "exports": "./dist/loader.mjs" }',
  });
  const { output } = await doctor(root);
  expect(output).toMatch(
    /^failure +code +.*: tsx is missing or broken\n +-> delete node_modules\/tsx, then npm install$/m,
  );
});

test.each([
  ["a module", '{ "version": "1.0.0", "type": "module" }', "index.js"],
  ["CommonJS", '{ "version": "1.0.0" }', "index.js:2"],
])("a file of a package that does not parse is named: %s", async (_, manifest, place) => {
  const root = await copyProject(project);
  await writeFiles(root, {
    "node_modules/@shop/prices/package.json": manifest,
    "node_modules/@shop/prices/index.js": "\n<<<\n",
  });
  appendFileSync(join(root, "src/config.ts"), 'import "@shop/prices";\n');
  const { output } = await doctor(root);
  expect(output).toContain(
    `  src/config.ts: the package @shop/prices is broken: node_modules/@shop/prices/${place}: Unexpected token '<<'\n`,
  );
  expect(output).toMatch(/^ +-> delete node_modules\/@shop\/prices, then npm install$/m);
  expect(output.match(/^failure +code /gm)).toHaveLength(1);
});

test("a package without an export is named, and not the one that imports it", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules/pino"));
  await writeFiles(root, {
    "node_modules/pino/package.json": '{ "version": "10.4.1", "type": "module" }',
    "node_modules/pino/index.js": "",
  });
  expect((await doctor(root)).output).toMatch(
    /^failure +code +src\/dependencies\.ts: The requested module 'pino' does not provide /m,
  );
});

test("without any package every check still has a finding", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "node_modules"), { recursive: true });
  const { code, output, notes } = await doctor(root);
  for (const check of checks) expect(output).toMatch(new RegExp(`^\\w+ +${check} `, "m"));
  expect({ code, notes }).toEqual({ code: 1, notes: "" });
});
