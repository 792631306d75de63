import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;
let project: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  project = join(cwd, "demo");
  await writeFiles(cwd, { "user.proto": proto("user") });
  const { code } = await run(["demo", ...quick, "--proto", "user.proto"], { cwd });
  expect(code).toBe(0);
});

const refused = (up: string) => ({
  code: 2,
  output: "",
  notes: `create-grpc-service: this folder lies in the project at ${project}; to update that, run create-grpc-service ${up}; for a new project, name a new folder\n`,
});

describe("`.` in a folder of a project is refused in one line, and nothing is written", () => {
  test.each([
    ["no flags", []],
    ["--yes", quick],
    ["--force", [...quick, "--force"]],
    ["--dry-run", ["--yes", "--dry-run"]],
    ["--proto", ["--proto", "../../user.proto"]],
  ])("with %s", async (_, flags) => {
    const before = await readFiles(project);
    expect(await run([".", ...flags], { cwd: join(project, "src") })).toEqual(refused(".."));
    expect(await readFiles(project)).toEqual(before);
  });

  test("in a terminal too, before any prompt", async () => {
    const at = { cwd: join(project, "src/services/user"), interactive: true };
    expect(await run(["."], at)).toEqual(refused("../../.."));
  });

  test("in an empty folder too, and by another name of the folder", async () => {
    const empty = join(project, "notes");
    await mkdir(empty);
    expect(await run([".", ...quick], { cwd: empty })).toEqual(refused(".."));
    expect(await run([empty, ...quick], { cwd: empty })).toEqual(refused(".."));
  });
});

describe("without a folder, a run below the root of a project is refused in the same line", () => {
  test.each([
    ["no flags", []],
    ["--yes", quick],
    ["--starter and --dry-run", ["--starter", "chat", "--yes", "--dry-run"]],
    ["--proto", ["--proto", "../../user.proto", ...quick]],
  ])("with %s", async (_, flags) => {
    const before = await readFiles(project);
    expect(await run(flags, { cwd: join(project, "src") })).toEqual(refused(".."));
    expect(await readFiles(project)).toEqual(before);
  });

  test("in a terminal too, before any prompt", async () => {
    const at = { cwd: join(project, "src/services/user"), interactive: true };
    expect(await run([], at)).toEqual(refused("../../.."));
  });

  test("with --name, a folder of that name is made", async () => {
    const cwd = join(project, "src");
    const flags = ["--name", "@acme/orders", ...quick];
    expect(await run(flags, { cwd })).toMatchObject({ code: 0, notes: "" });
    expect((await readFiles(join(cwd, "orders"))).has("src/main.ts")).toBe(true);
  });
});

test("the command in the message updates the project", async () => {
  const { code, output } = await run([".."], { cwd: join(project, "src") });
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringContaining("for its protos.\n"),
  });
});

describe("without a folder, a run in the root of a project is for that project", () => {
  const nothingToDo = /for its protos\.\n|^\nNothing was written\.\n/;
  const upToDate = { code: 0, output: expect.stringMatching(nothingToDo), notes: "" };

  test.each([
    ["no flags", []],
    ["--yes", ["--yes"]],
    ["--dry-run", ["--dry-run"]],
    ["--proto", ["--proto", "../user.proto"]],
  ])("with %s", async (_, flags) => {
    const before = await readFiles(project);
    expect(await run(flags, { cwd: project })).toEqual(upToDate);
    expect(await readFiles(project)).toEqual(before);
  });

  test("in a terminal, without a prompt", async () => {
    expect(await run([], { cwd: project, interactive: true })).toEqual(upToDate);
  });

  test("a flag for new projects is refused", async () => {
    const { code, notes } = await run(["--starter", "chat", ...quick], { cwd: project });
    expect(code).toBe(2);
    expect(notes).toBe(
      "create-grpc-service: --starter is only for new projects, and this folder already has a project\n",
    );
  });
});

test("a named new folder in the tree of a project becomes a project", async () => {
  for (const [at, folder] of [
    [project, "packages/x"],
    [join(project, "src"), "y"],
  ] as const) {
    expect(await run([folder, ...quick], { cwd: at })).toMatchObject({ code: 0, notes: "" });
    expect((await readFiles(join(at, folder))).has("src/main.ts")).toBe(true);
  }
});

test("a folder with a package.json of its own is not of the project around it", async () => {
  const own = join(project, "packages/web");
  await writeFiles(own, { "package.json": "{}" });
  expect((await run([".", ...quick], { cwd: own })).notes).toMatch(/: \. is not empty; --force /);
  expect((await run([".", ...quick, "--force"], { cwd: own })).code).toBe(0);
});

test.each([
  ["of other packages", { workspaces: ["services/*"] }],
  ["that only runs this program", { devDependencies: { "create-grpc-service": "*" } }],
])("in a monorepo %s, `.` makes a project in a subfolder", async (_, manifest) => {
  const folder = join(cwd, "monorepo/services/orders");
  await writeFiles(join(cwd, "monorepo"), { "package.json": JSON.stringify(manifest) });
  await mkdir(folder, { recursive: true });
  expect((await run([".", ...quick], { cwd: folder })).code).toBe(0);
  expect((await readFiles(folder)).has("src/main.ts")).toBe(true);
});
