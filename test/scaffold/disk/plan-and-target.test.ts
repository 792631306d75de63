import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { checkPaths, planProject } from "../../../src/scaffold/disk/plan.ts";
import { inspectTarget } from "../../../src/scaffold/disk/target.ts";
import type { Project } from "../../../src/scaffold/new/project.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import { temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

describe("what may be written", () => {
  const project: Project = new Map([
    ["src/a.ts", { content: "ours", owner: "user" }],
    ["b.txt", { content: "same", owner: "user" }],
    ["c.txt", { content: "ours", owner: "user" }],
  ]);

  test("existing files are kept", async () => {
    await writeFiles(cwd, { "demo/b.txt": "same", "demo/c.txt": "theirs" });
    const { changes, kept } = await planProject(project, await inspectTarget("demo", cwd));
    expect([...changes.create.keys()]).toEqual(["src/a.ts"]);
    expect(kept).toEqual(["c.txt"]);
  });

  test("nothing through a symbolic link", async () => {
    const elsewhere = await temporaryFolder();
    await writeFiles(cwd, { "demo/x.txt": "" });
    await symlink(elsewhere, join(cwd, "demo", "src"));
    const target = await inspectTarget("demo", cwd);
    await expect(planProject(project, target)).rejects.toThrow("src/ is a symbolic link");
    expect(await readdir(elsewhere)).toEqual([]);
  });

  test("nothing over a link to a file, nothing below a file", async () => {
    await writeFiles(cwd, { "demo/src": "a file", "elsewhere.txt": "precious" });
    const target = await inspectTarget("demo", cwd);
    await expect(planProject(project, target)).rejects.toThrow("src/ must be a folder");
    await symlink(join(cwd, "elsewhere.txt"), join(cwd, "demo", "b.txt"));
    await expect(checkPaths(["b.txt"], target)).rejects.toThrow("b.txt is a symbolic link");
    expect(await readFile(join(cwd, "elsewhere.txt"), "utf8")).toBe("precious");
  });

  test("nothing into a src/gen with other files", async () => {
    await writeFiles(cwd, { "demo/src/gen/theirs.ts": "" });
    const target = await inspectTarget("demo", cwd);
    await expect(planProject(project, target)).rejects.toThrow("src/gen already has files");
  });

  test.each(["../x", "a/../../x", "/x", "a//b", "a\\b", "a\nb", "C:/x", ""])(
    "not %j",
    async (path) => {
      const target = await inspectTarget("demo", cwd);
      await expect(checkPaths([path], target)).rejects.toThrow("is not a path that can be written");
    },
  );
});

describe("the target", () => {
  test("may be the current folder, an empty one, one with a fresh repository", async () => {
    expect(await inspectTarget(".", cwd)).toMatchObject({ path: cwd, kind: "empty" });
    await mkdir(join(cwd, ".git"));
    expect(await inspectTarget(".", cwd)).toMatchObject({ kind: "empty" });
    await writeFile(join(cwd, "LICENSE"), "");
    expect(await inspectTarget(".", cwd)).toMatchObject({ kind: "foreign" });
  });

  test("is ours by its manifest and its generator's configuration", async () => {
    const manifest = JSON.stringify({ devDependencies: { "create-grpc-service": "0.1.0" } });
    await writeFiles(cwd, { "demo/package.json": manifest });
    expect(await inspectTarget("demo", cwd)).toMatchObject({ kind: "foreign" });
    await writeFiles(cwd, { "demo/buf.gen.yaml": "version: v2\n" });
    expect(await inspectTarget("demo", cwd)).toMatchObject({ kind: "ours" });
    await writeFiles(cwd, { "demo/package.json": '{"devDependencies":{"__proto__":{}}}' });
    expect(await inspectTarget("demo", cwd)).toMatchObject({ kind: "foreign" });
  });

  test.each([
    ["a\\..\\b", "is not a valid name"],
    ["", "the folder has no name"],
    ["   ", "the folder has no name"],
    ["x; rm -rf ~", "is not a valid name"],
    ["$(id)", "is not a valid name"],
    ["node_modules", "is not a valid name"],
    ["con", "is not a valid name"],
    ["a\nb", "is not a valid name"],
  ])("is not %j", async (directory, message) => {
    await expect(inspectTarget(directory, cwd)).rejects.toThrow(message);
  });

  test("is neither a file nor a link", async () => {
    await writeFiles(cwd, { file: "", "real/x": "" });
    await symlink(join(cwd, "real"), join(cwd, "link"));
    await expect(inspectTarget("file", cwd)).rejects.toThrow("is not a folder");
    await expect(inspectTarget("link", cwd)).rejects.toThrow("is a symbolic link");
    await expect(inspectTarget("file/below", cwd)).rejects.toThrow(UsageError);
  });
});
