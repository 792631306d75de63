import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { run, writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";

let project: string;
beforeAll(async () => {
  project = await createProject();
});

test("does what create-grpc-service does in the folder of a project", async () => {
  const [synced, grown] = [await copyProject(project), await copyProject(project)];
  const { code, notes, output } = await runCommand(["sync"], { cwd: synced });
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toBe((await run(["."], { cwd: grown })).output);
  const definitions = "src/gen/greeter_grpc.ts";
  expect(await readFile(join(synced, definitions), "utf8")).toBe(
    await readFile(join(grown, definitions), "utf8"),
  );
  // Its handler is registered inline.
  expect(existsSync(join(synced, "src/services/greeter"))).toBe(false);
});

test("passes its flags on, and works from a subfolder", async () => {
  const root = await copyProject(project);
  const proto = `syntax = "proto3";
package mail.v1;
service Mailer { rpc Send(SendRequest) returns (SendResponse); }
message SendRequest {}
message SendResponse {}
`;
  await writeFiles(root, { "new/mailer.proto": proto });
  const args = ["sync", "--dry-run", "--proto", "mailer.proto", "-I", "."];
  const { code, output } = await runCommand(args, { cwd: join(root, "new") });
  expect(code).toBe(0);
  expect(output).toContain("create proto/mailer.proto\n");
  expect(output).toContain("create src/services/mailer/send.ts\n");
  expect(existsSync(join(root, "proto/mailer.proto"))).toBe(false);
});

test("without buf.gen.yaml it creates nothing", async () => {
  const root = await copyProject(project);
  await rm(join(root, "buf.gen.yaml"));
  expect(await runCommand(["sync"], { cwd: root })).toEqual({
    code: 2,
    output: "",
    notes: `grpc-service: ${join(root, "buf.gen.yaml")} is missing\n`,
  });
});

test.each(["proto", "src/gen", "src/services"])(
  "a file %s is refused in one line",
  async (path) => {
    const root = await copyProject(project);
    await rm(join(root, path), { recursive: true, force: true });
    await writeFiles(root, { [path]: "" });
    const { code, output, notes } = await runCommand(["sync"], { cwd: root });
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(notes).toMatch(/^[^\n]+\n$/);
    expect(notes).toContain(path);
  },
);

test("a folder buf.gen.yaml is refused in one line", async () => {
  const root = await copyProject(project);
  await rm(join(root, "buf.gen.yaml"));
  await mkdir(join(root, "buf.gen.yaml"));
  expect(await runCommand(["sync"], { cwd: root })).toEqual({
    code: 2,
    output: "",
    notes: `grpc-service: ${join(root, "buf.gen.yaml")} must be a file, but is not\n`,
  });
});

test("a package.json with a byte order mark is read", async () => {
  const root = await copyProject(project);
  const manifest = await readFile(join(root, "package.json"), "utf8");
  await writeFiles(root, { "package.json": `\uFEFF${manifest}` });
  expect(await runCommand(["sync"], { cwd: root })).toMatchObject({ code: 0, notes: "" });
  expect(await run(["."], { cwd: root })).toMatchObject({ code: 0 });
});

test("a broken package.json: one line with its place", async () => {
  const root = await copyProject(project);
  await writeFiles(root, { "package.json": '{\n  "name": "a",\n<<<<<<< HEAD\n}\n' });
  for (const outcome of [
    await runCommand(["sync"], { cwd: root }),
    await run(["."], { cwd: root }),
  ]) {
    expect(outcome.code).toBe(2);
    expect(outcome.notes).toMatch(
      /^[\w-]+: \S+package\.json:3:1 is not valid JSON: invalid symbol\n$/,
    );
  }
});
