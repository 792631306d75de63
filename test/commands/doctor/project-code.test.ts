import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject } from "../support/project.ts";
import { doctor } from "./doctor.ts";

let project: string;
beforeAll(async () => {
  project = await createProject({ generated: true });
});

test("main.ts and app.ts are not imported", async () => {
  const root = await copyProject(project);
  for (const file of ["main.ts", "app.ts"]) {
    writeFileSync(join(root, "src", file), "process.exit(9);\n");
  }
  expect((await doctor(root)).code).toBe(0);
});

test("code that is missing is named", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "src/config.ts"));
  const { code, output } = await doctor(root);
  expect(output).toMatch(/^failure +code +src\/config\.ts is missing$/m);
  expect(code).toBe(1);
});

test("code that parses something else is not blamed on a file", async () => {
  const root = await copyProject(project);
  const text = 'try { await import("./no.js"); } catch {}\nJSON.parse("{");\n';
  appendFileSync(join(root, "src/config.ts"), text);
  await writeFiles(root, { "src/no.js": "<<<" });
  const { output } = await doctor(root);
  expect(output).toMatch(/^failure +code +src\/config\.ts: Expected property name/m);
});

test("code that does not compile is located", async () => {
  const root = await copyProject(project);
  writeFileSync(join(root, "src/config.ts"), "export const x = {;\n");
  const { code, output } = await doctor(root);
  expect(output).toMatch(/^failure +code +src\/config\.ts:1:18: Expected identifier/m);
  expect(output).toMatch(/^skipped +settings +not checked: fix the code first$/m);
  expect(code).toBe(1);
});

test("code that throws is quoted in one line", async () => {
  const root = await copyProject(project);
  appendFileSync(join(root, "src/dependencies.ts"), 'throw new Error("no disk\\nat all");\n');
  const { output } = await doctor(root);
  expect(output).toMatch(/^failure +code +src\/dependencies\.ts: no disk$/m);
  expect(output).toMatch(/^ok +settings /m);
});

test("code without an expected function is named", async () => {
  const root = await copyProject(project);
  writeFileSync(join(root, "src/dependencies.ts"), "export {};\n");
  expect((await doctor(root)).output).toMatch(
    /^failure +code +src\/dependencies\.ts does not export the function createDependencies$/m,
  );
});

test("the project's own resources are checked", async () => {
  const root = await copyProject(project);
  const path = join(root, "src/dependencies.ts");
  const database = `database: {
        check: () => Promise.reject(new Error("connection refused")),
        close: async () => {},
      },`;
  const text = readFileSync(path, "utf8");
  expect(text).toContain("    resources: {\n");
  writeFileSync(path, text.replace("    resources: {\n", `    resources: {\n      ${database}\n`));
  expect((await doctor(root)).output).toMatch(
    /^failure +resources +database does not work: connection refused\n +-> start it, or correct its settings$/m,
  );
});
