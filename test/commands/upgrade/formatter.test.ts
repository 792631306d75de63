import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { lendModules } from "../../scaffold/support.ts";
import { before, type Patches } from "../../support/other-version.ts";
import { commit, copyBeforeEach, edit, inProject, text, upgrade } from "./upgrading-project.ts";

copyBeforeEach();

const project = "templates/project";

/** Changes lines in functions, which every formatter indents and quotes in its own way. */
const newer: Patches = {
  [`${project}/src/app.ts`]: before("    logger:", '    name: "orders", // a new line'),
  [`${project}/src/interceptors.ts`]: before(
    "  const { version }",
    '  const path = "./a";\n  void path;',
  ),
  [`${project}/src/limits.ts`]: () => 'export const limits = { name: "calls" };\n',
};

test("a project that biome formats in another way merges without conflicts", async () => {
  await lendModules(inProject());
  await edit("biome.json", (text) =>
    text
      .replace('"indentStyle": "space"', '"indentStyle": "tab"')
      .replace(
        '"formatter"',
        '"javascript": { "formatter": { "quoteStyle": "single" } },\n  "formatter"',
      ),
  );
  await edit("src/app.ts", before("export function", "// mine\n"));
  await execa(`${packageRoot()}/node_modules/.bin/biome`, ["format", "--write", "."], {
    cwd: inProject(),
  });
  expect(await text("src/app.ts")).toContain("\tconfig,\n");
  await commit();
  const { code, output, notes } = await upgrade(newer);
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toContain(
    "Replaced; you had not changed them:\n  package.json\n  src/interceptors.ts\n",
  );
  expect(await text("src/app.ts")).toContain("\t\tname: 'orders', // a new line\n");
  expect(await text("src/app.ts")).toContain("// mine\n");
  expect(await text("src/interceptors.ts")).toContain("\tconst path = './a';\n");
  expect(await text("src/limits.ts")).toBe("export const limits = { name: 'calls' };\n");
});

test("a formatter that a workspace above has installed is used", async () => {
  await lendModules(dirname(inProject()));
  const { code, notes } = await upgrade(newer);
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(await text("src/interceptors.ts")).toContain('const path = "./a";\n');
});

test("a project that has switched to prettier is formatted by that", async () => {
  const bin = "node_modules/.bin/prettier";
  await mkdir(inProject("node_modules/.bin"), { recursive: true });
  // What counts is that it runs in a folder with the configuration, on all files.
  await writeFile(
    inProject(bin),
    `#!/usr/bin/env node
const fs = require("node:fs");
const { quote } = JSON.parse(fs.readFileSync(".prettierrc.json", "utf8"));
if (process.argv.slice(2).join(" ") !== "--write --ignore-unknown --log-level=silent .") process.exit(2);
for (const path of fs.readdirSync("src")) {
  const file = "src/" + path;
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replaceAll('"', quote));
}
`,
  );
  await chmod(inProject(bin), 0o755);
  await edit("package.json", (text) => text.replace("biome check --write .", "prettier --write ."));
  await writeFile(inProject(".prettierrc.json"), `{ "quote": "'" }`);
  for (const path of ["src/app.ts", "src/interceptors.ts"]) {
    await edit(path, (text) => text.replaceAll('"', "'"));
  }
  await commit();
  const { code, notes } = await upgrade(newer);
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(await text("src/app.ts")).toContain("    name: 'orders', // a new line\n");
  expect(await readFile(inProject("src/limits.ts"), "utf8")).toContain("'calls'");
});
