import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { applyStage, findStage, stageName } from "../../../src/commands/merge/stage.ts";
import type { Upgrade } from "../../../src/commands/upgrade/upgrade-project.ts";
import { parseRecord, recordFile } from "../../../src/scaffold/new/record.ts";
import { InterruptedError } from "../../../src/terminal/errors.ts";
import { before, type Patches, swap } from "../../support/other-version.ts";
import { copyBeforeEach, edit, inProject, text, upgrade } from "./upgrading-project.ts";

copyBeforeEach();

const project = "templates/project";

const newer: Patches = {
  [`${project}/src/app.ts`]: before("    logger:", "    drainMs: 10_000,"),
  [`${project}/Makefile.hbs`]: swap("## Run the tests", "## Run all tests"),
  [`${project}/docs/limits.md`]: () => "# Limits\n",
  [`${project}/_gitattributes`]: () => undefined,
};

const paths = [".gitattributes", "Makefile", "docs/limits.md", "package.json", "src/app.ts"];

/** Leaves an upgrade as a crash does: staged, and only some files in place. */
async function crash(applied: number): Promise<void> {
  // The host is interrupted before anything is moved into place.
  const controller = new AbortController();
  const stopping: Partial<Upgrade> = {
    host: {
      cwd: inProject(),
      env: {},
      interactive: false,
      columns: 80,
      signal: controller.signal,
      print: () => undefined,
      // The last note comes after everything is rendered and formatted.
      note: () => controller.abort(),
    },
  };
  await expect(upgrade(newer, stopping)).rejects.toThrow(InterruptedError);
  const stage = await findStage(inProject());
  if (stage === undefined) throw new Error("nothing is staged");
  // The interrupted run has moved one file.
  let count = 1;
  if (count === applied) return;
  for await (const _ of applyStage(stage)) if (++count === applied) break;
}

async function states() {
  const record = parseRecord(await text(recordFile))?.version;
  return {
    record,
    ".gitattributes": existsSync(inProject(".gitattributes")) ? "old" : "new",
    Makefile: (await text("Makefile")).includes("## Run all tests") ? "new" : "old",
    "docs/limits.md": existsSync(inProject("docs/limits.md")) ? "new" : "old",
    "package.json": (await text("package.json")).includes("^0.2.0") ? "new" : "old",
    "src/app.ts": (await text("src/app.ts")).includes("drainMs") ? "new" : "old",
  };
}

const all = (state: "old" | "new", record: string) => ({
  record,
  ...Object.fromEntries(paths.map((path) => [path, state])),
});

test.each([1, 2, 3, 4, 5])("after a crash behind file %i, a second run finishes", async (count) => {
  await crash(count);
  const between = await states();
  expect(between.record).toBe("0.1.0");
  expect(Object.values(between).filter((state) => state === "new")).toHaveLength(count);
  // Nothing is committed now, and it is not asked for.
  const { code, notes, output } = await upgrade(newer);
  expect({ code, notes }).toEqual({
    code: 0,
    notes: "Continuing the upgrade that was interrupted.\n",
  });
  expect(output).toContain("Upgrade from create-grpc-service 0.1.0 to 0.2.0.\n");
  expect(await states()).toEqual(all("new", "0.2.0"));
  expect(await readdir(inProject())).not.toContain(stageName);
});

test("a file that was edited in between is not overwritten", async () => {
  await crash(1);
  await edit("src/app.ts", (text) => `${text}// mine\n`);
  const { code, notes } = await upgrade(newer);
  expect(code).toBe(2);
  expect(notes).toMatch(/src\/app\.ts was changed since this began; restore it and run again, or/);
  expect(await text("src/app.ts")).toMatch(/\/\/ mine\n$/);
  expect((await states()).record).toBe("0.1.0");
});

test("another command does not continue it", async () => {
  await crash(1);
  const { code, notes } = await upgrade(newer, { version: "0.3.0" });
  expect(code).toBe(2);
  expect(notes).toMatch(/^"grpc-service upgrade, to 0\.2\.0" was interrupted here: run that again/);
});

test("a stage that another program has written leads nowhere else", async () => {
  const plan = {
    goal: "grpc-service upgrade, to 0.2.0",
    record: "{}",
    files: [{ path: "../outside", after: "1" }],
  };
  await mkdir(inProject(stageName));
  await writeFile(inProject(`${stageName}/plan`), JSON.stringify(plan));
  const { code, notes } = await upgrade(newer);
  expect({ code, notes }).toEqual({
    code: 2,
    notes:
      'Continuing the upgrade that was interrupted.\n"../outside" is not a path that can be written',
  });
});
