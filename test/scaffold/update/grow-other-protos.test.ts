import { writeFile } from "node:fs/promises";
import { beforeEach, expect, test, vi } from "vitest";
import { inject, note, shown } from "../cli/scripted-prompts.ts";
import { proto, quick, readFiles, run, writeFiles } from "../support.ts";
import { besideProject, copyBeforeEach, grow, inProject, one, two } from "./growing-project.ts";

vi.mock("prompts", () => import("../cli/scripted-prompts.ts"));
copyBeforeEach();

const refusal =
  "create-grpc-service: demo is already a project, with other protos (user.proto); to add order.proto to it, run cd demo && npx grpc-service sync --proto ../order.proto; for a new project, name a new folder\n";

beforeEach(() => writeFile(besideProject("order.proto"), proto("order", one)));

test.each([
  ["without flags", []],
  ["with the flags of a new project", ["--yes", "--no-install", "--no-git"]],
  ["with --dry-run", ["--yes", "--dry-run"]],
])("a name that another project has is refused in one line %s", async (_, flags) => {
  const refused = await grow("--proto", "order.proto", ...flags);
  expect(refused).toMatchObject({ code: 2, output: "", notes: refusal, changed: [] });
});

test("protos that clash with those of the project are refused for the same reason", async () => {
  await writeFile(besideProject("order.proto"), proto("user", one));
  expect(await grow("--proto", "order.proto")).toMatchObject({ code: 2, notes: refusal });
});

test("many protos are counted", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const files = names.map((name) => [`in/${name}.proto`, proto(name, one)] as const);
  await writeFiles(besideProject(""), Object.fromEntries(files));
  const { notes } = await grow("--proto", "in");
  expect(notes).toContain("; to add a.proto, b.proto, c.proto and 2 more to it, run cd demo && ");
});

test.each([
  ["the same proto", one, ["--proto", "user.proto"], 0],
  ["a later state of it, by --force", two, ["--proto", "user.proto", "--force"], 0],
  ["others, by --force", two, ["--proto", "order.proto", "--force"], 0],
])("%s is a sync as before", async (_, rpcs, flags, code) => {
  await writeFile(besideProject("user.proto"), proto("user", rpcs));
  expect(await grow(...flags)).toMatchObject({ code, notes: "" });
});

test.each([
  [".", ""],
  ["..", "src"],
])("from inside, `%s` means this project: the protos are added", async (directory, at) => {
  const { code } = await run([directory, "--proto", besideProject("order.proto")], {
    cwd: inProject(at),
  });
  expect(code).toBe(0);
  expect((await readFiles(inProject())).has("proto/order.proto")).toBe(true);
});

test.each([
  [false, 2, ["create-grpc-service: demo was not changed"]],
  [true, 0, []],
])("in a terminal it asks; answer %s", async (answer, code, notes) => {
  inject([answer]);
  const at = { cwd: besideProject(""), interactive: true, note };
  expect(await run(["demo", "--proto", "order.proto"], at)).toMatchObject({ code });
  expect(shown()).toEqual([
    "demo is already a project, with other protos (user.proto). Add order.proto to it?",
    ...notes,
  ]);
  expect((await readFiles(inProject())).has("proto/order.proto")).toBe(answer);
});

test("the command of the refusal adds them, and a new folder becomes a project", async () => {
  const cwd = inProject();
  const { runCommand } = await import("../../commands/support/run-command.ts");
  expect((await runCommand(["sync", "--proto", "../order.proto"], { cwd })).code).toBe(0);
  expect((await readFiles(cwd)).has("src/services/order-user/get.ts")).toBe(true);
  const other = await run(["demo2", ...quick, "--proto", "order.proto"], {
    cwd: besideProject(""),
  });
  expect(other.code).toBe(0);
});
