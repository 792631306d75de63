import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseRecord, recordFile } from "../../../src/scaffold/new/record.ts";
import { before, swap } from "../../support/other-version.ts";
import { newer, noFormatter, project } from "./newer-version.ts";
import {
  commit,
  copyBeforeEach,
  edit,
  forgetGit,
  inProject,
  text,
  upgrade,
} from "./upgrading-project.ts";

copyBeforeEach();

test("an unchanged project becomes what the new version writes", async () => {
  const { code, output, notes, changed } = await upgrade(newer);
  expect({ code, notes }).toEqual({ code: 0, notes: noFormatter });
  expect(output).toBe(`Upgrade from create-grpc-service 0.1.0 to 0.2.0.
Added:
  docs/limits.md
Replaced; you had not changed them:
  Makefile
  package.json
  src/app.ts
Removed; you had not changed them:
  .gitattributes
`);
  expect(changed).toEqual(
    [
      recordFile,
      ".gitattributes",
      "Makefile",
      "docs/limits.md",
      "package.json",
      "src/app.ts",
    ].sort(),
  );
  const manifest = JSON.parse(await text("package.json"));
  expect(manifest.dependencies["grpc-service"]).toBe("^0.2.0");
  expect(manifest.devDependencies["create-grpc-service"]).toBe("^0.2.0");
  expect(parseRecord(await text(recordFile))?.version).toBe("0.2.0");
});

test.skipIf(process.platform === "win32")("a file keeps its mode", async () => {
  await chmod(inProject("src/app.ts"), 0o755);
  await commit();
  expect((await upgrade(newer)).code).toBe(0);
  expect(await text("src/app.ts")).toContain("drainMs");
  expect((await stat(inProject("src/app.ts"))).mode & 0o777).toBe(0o755);
});

test("edits are merged, and a conflict is listed with file and line", async () => {
  await edit("src/app.ts", before("export function", "// mine\n"));
  await edit("Makefile", swap("## Run the tests", "## My tests"));
  await edit(".gitattributes", (text) => `${text}# mine\n`);
  await commit();
  const { code, output } = await upgrade(newer, { steps: ["lint", "test"] });
  expect(code).toBe(1);
  const makefile = await text("Makefile");
  const line = makefile.split("\n").indexOf("<<<<<<< yours") + 1;
  expect(output).toBe(`Upgrade from create-grpc-service 0.1.0 to 0.2.0.
Added:
  docs/limits.md
Replaced; you had not changed them:
  package.json
Merged with your changes:
  src/app.ts
Left as they are:
  .gitattributes: we do not write it any more, and you changed it
1 conflict to resolve by hand, marked with <<<<<<< yours:
  Makefile:${line}
Resolve the conflicts, then run npm run lint && npm run test.
`);
  expect(await text("src/app.ts")).toMatch(/\/\/ mine[\s\S]*drainMs: 10_000/);
  expect(makefile).toContain(`<<<<<<< yours
test: node_modules ## My tests
||||||| create-grpc-service 0.1.0
test: node_modules ## Run the tests
=======
test: node_modules ## Run all tests
>>>>>>> create-grpc-service 0.2.0
`);
});

test("the next upgrade recognises what the last one wrote", async () => {
  await upgrade(newer);
  await commit();
  const next = {
    ...newer,
    [`${project}/src/app.ts`]: before("    logger:", "    drainMs: 20_000,"),
  };
  const { code, output } = await upgrade(next, { version: "0.3.0" });
  expect(code).toBe(0);
  expect(output).toContain("Replaced; you had not changed them:\n  package.json\n  src/app.ts\n");
  expect(await text("src/app.ts")).toContain("drainMs: 20_000");
});

test("a project without hashes is recognised by its contents", async () => {
  await edit(recordFile, (text) => text.replace(/,\n {2}"files": \{[^}]*\}/, ""));
  await commit();
  expect(parseRecord(await text(recordFile))?.files.size).toBe(0);
  const { output } = await upgrade(newer);
  expect(output).toContain(
    "Replaced; you had not changed them:\n  Makefile\n  package.json\n  src/app.ts\n",
  );
});

test("--dry-run prints the same and writes nothing", async () => {
  await edit("Makefile", swap("## Run the tests", "## My tests"));
  const { code, output, changed } = await upgrade(newer, { dryRun: true });
  expect({ code, changed }).toEqual({ code: 1, changed: [] });
  expect(output).toMatch(/\n {2}Makefile:\d+\nNothing was written\.\n$/);
});

test("without git it merges too, and says that there is no way back", async () => {
  await forgetGit();
  await edit("src/app.ts", before("export function", "// mine\n"));
  const { code, notes } = await upgrade(newer);
  expect(code).toBe(0);
  expect(notes).toContain(
    "This folder is not in a git repository, so there is no way back except a copy of your own.\n",
  );
  expect(await text("src/app.ts")).toMatch(/\/\/ mine[\s\S]*drainMs: 10_000/);
});

test("deleted files stay deleted, and moved ones follow", async () => {
  await rm(inProject("Makefile"));
  await mkdir(inProject("src/server"));
  await rename(inProject("src/app.ts"), inProject("src/server/app.ts"));
  await edit("src/server/app.ts", swap('"./', '"../'));
  await commit();
  const { code, output } = await upgrade(newer);
  expect(code).toBe(0);
  expect(output).toContain("Merged with your changes:\n  src/server/app.ts\n");
  expect(output).toContain("Left as they are:\n  Makefile: you removed it\n");
  expect(existsSync(inProject("Makefile"))).toBe(false);
  expect(existsSync(inProject("src/app.ts"))).toBe(false);
  expect(await text("src/server/app.ts")).toMatch(/from "\.\.\/config\.ts"[\s\S]*drainMs: 10_000/);
});

test("a new file does not replace one of the user, nor return to a folder that the user removed", async () => {
  await mkdir(inProject("docs"), { recursive: true });
  await writeFile(inProject("docs/limits.md"), "My limits\n");
  await rm(inProject(".github"), { recursive: true });
  await commit();
  const workflow = `${project}/_github/workflows/release.yml`;
  const { code, output } = await upgrade({ ...newer, [workflow]: () => "name: release\n" });
  expect(code).toBe(0);
  expect(output).toContain(
    "  .github/workflows/release.yml: it is new, and you removed its folder\n  docs/limits.md: it is new, and you have a file of that name\n",
  );
  expect(await text("docs/limits.md")).toBe("My limits\n");
  expect(existsSync(inProject(".github"))).toBe(false);
});

test("text in another encoding is not touched", async () => {
  const latin = Buffer.concat([
    Buffer.from(await text("Makefile")),
    Buffer.from([0x23, 0xe9, 0x0a]),
  ]);
  await writeFile(inProject("Makefile"), latin);
  await commit();
  const { output } = await upgrade(newer);
  expect(output).toContain("  Makefile: you changed it, and it is not text\n");
});

test.each([
  ["0.2.0", 0, /^This project is already at 0\.2\.0, the version of this program\./],
  ["0.1.9", 2, /^this project was written by create-grpc-service 0\.2\.0, which is newer than/],
])("a project at 0.2.0 is not upgraded to %s", async (version, code, message) => {
  await upgrade(newer);
  await commit();
  const outcome = await upgrade(newer, { version });
  expect(outcome).toMatchObject({ code, changed: [] });
  expect(outcome.output + outcome.notes).toMatch(message);
});
