import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, test } from "vitest";
import type { Changes } from "../../../src/scaffold/disk/changes.ts";
import { checkPaths, planProject } from "../../../src/scaffold/disk/plan.ts";
import { inspectTarget, type Target } from "../../../src/scaffold/disk/target.ts";
import { writeChanges } from "../../../src/scaffold/disk/write.ts";
import type { Project } from "../../../src/scaffold/new/project.ts";
import { InterruptedError, UsageError } from "../../../src/terminal/errors.ts";
import { readFiles, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;
const { signal } = new AbortController();

beforeEach(async () => {
  cwd = await temporaryFolder();
});

function changes(parts: { [K in keyof Changes]?: Changes[K] }): Changes {
  return { create: new Map(), update: new Map(), remove: [], ...parts };
}

test("a replaced file keeps its mode", async () => {
  await writeFiles(cwd, { "demo/run.sh": "old" });
  await chmod(join(cwd, "demo/run.sh"), 0o750);
  const target = await inspectTarget("demo", cwd);
  await writeChanges(target, changes({ update: new Map([["run.sh", "new"]]) }), signal);
  expect(await readFile(join(cwd, "demo/run.sh"), "utf8")).toBe("new");
  expect((await stat(join(cwd, "demo/run.sh"))).mode & 0o777).toBe(0o750);
});

test("at every moment of a run there is the old or the new file", async () => {
  const before = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`${n}.txt`, "old"]));
  await writeFiles(join(cwd, "demo"), before);
  const target = await inspectTarget("demo", cwd);
  const update = new Map(Object.keys(before).map((path) => [path, "new"]));
  let isWriting = true;
  const writing = writeChanges(target, changes({ update }), signal).finally(() => {
    isWriting = false;
  });
  let looks = 0;
  for (; isWriting || looks === 0; looks++) {
    const present = await readdir(join(cwd, "demo"));
    expect(present.filter((name) => name.endsWith(".txt"))).toHaveLength(200);
  }
  await writing;
});

describe("a new folder", () => {
  test("is created with the folders above it", async () => {
    const target = await inspectTarget("a/b/demo", cwd);
    await writeChanges(target, changes({ create: new Map([["x/y.txt", "hi"]]) }), signal);
    expect([...(await readFiles(cwd)).keys()]).toEqual(["a/b/demo/x/y.txt"]);
  });

  test("is not created if a file cannot be written", async () => {
    const target = await inspectTarget("a/b/demo", cwd);
    const create = new Map([
      ["x", "a file"],
      ["x/y.txt", "below a file"],
    ]);
    await expect(writeChanges(target, changes({ create }), signal)).rejects.toThrow(UsageError);
    expect(await readdir(cwd)).toEqual([]);
  });

  test("is not created after Ctrl-C", async () => {
    const interrupt = new AbortController();
    const target = await inspectTarget("demo", cwd);
    const create = new Map(Array.from({ length: 500 }, (_, i) => [`${i}.txt`, "x"] as const));
    const writing = writeChanges(target, changes({ create }), interrupt.signal);
    setImmediate(() => interrupt.abort());
    await expect(writing).rejects.toThrow(InterruptedError);
    expect(await readdir(cwd)).toEqual([]);
  });

  test("is created by only one of two runs", async () => {
    const target = await inspectTarget("demo", cwd);
    const write = (text: string) =>
      writeChanges(target, changes({ create: new Map([["a.txt", text]]) }), signal);
    const outcomes = await Promise.allSettled([write("one"), write("two")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
      reason: expect.any(UsageError),
    });
    expect(await readdir(cwd)).toEqual(["demo"]);
  });

  test("is refused where nothing can be written", async () => {
    // Root may write into read-only folders, but not into /proc.
    const isRoot = process.getuid?.() === 0;
    const parent = isRoot ? "/proc" : join(cwd, "locked");
    if (!isRoot) {
      await mkdir(parent);
      await chmod(parent, 0o500);
    }
    const target = await inspectTarget(join(parent, "demo"), cwd);
    const writing = writeChanges(target, changes({ create: new Map([["a", ""]]) }), signal);
    await expect(writing).rejects.toThrow(/^cannot write .*demo: /);
  });
});

describe("an existing folder", () => {
  const before = { "keep.txt": "kept", "old.txt": "old", "gone.txt": "gone" };

  beforeEach(() => writeFiles(join(cwd, "demo"), before));

  test("gets only the changes", async () => {
    const target = await inspectTarget("demo", cwd);
    await writeChanges(
      target,
      {
        create: new Map([["new/a.txt", "a"]]),
        update: new Map([["old.txt", "new"]]),
        remove: ["gone.txt"],
      },
      signal,
    );
    expect(Object.fromEntries(await readFiles(target.path))).toEqual({
      "keep.txt": "kept",
      "new/a.txt": "a",
      "old.txt": "new",
    });
  });

  test("is unchanged after an error", async () => {
    const target = await inspectTarget("demo", cwd);
    const failing = changes({
      create: new Map([
        ["new/a.txt", "a"],
        ["keep.txt", "made by somebody meanwhile"],
      ]),
      update: new Map([["old.txt", "new"]]),
      remove: ["gone.txt"],
    });
    await expect(writeChanges(target, failing, signal)).rejects.toThrow();
    expect(Object.fromEntries(await readFiles(target.path))).toEqual(before);
    expect((await readdir(target.path)).sort()).toEqual(Object.keys(before).sort());
  });

  test("is left alone while another run writes", async () => {
    const target = await inspectTarget("demo", cwd);
    await mkdir(join(target.path, ".create-grpc-service"));
    const writing = writeChanges(target, changes({ create: new Map([["a", ""]]) }), signal);
    await expect(writing).rejects.toThrow(
      /^another run is writing demo since \d{4}-\d\d-\d\d [\d:]{8} UTC; if it was killed, remove /,
    );
    const owner = join(target.path, ".create-grpc-service/owner");
    await writeFile(owner, `${process.pid}\n`);
    await expect(writeChanges(target, changes({}), signal)).rejects.toThrow(
      new RegExp(
        `^another run \\(process ${process.pid}\\) is writing demo since .+; wait until it ends`,
      ),
    );
    const ended = execa("node", ["--version"]);
    await ended;
    await writeFile(owner, `${ended.pid}\n`);
    await expect(writeChanges(target, changes({}), signal)).rejects.toThrow(
      new RegExp(
        `^a run \\(process ${ended.pid}\\) was killed while it was writing demo at .+; remove `,
      ),
    );
  });

  test("of ours: what a killed run left is taken over unless it has files of the project", async () => {
    const target: Target = { ...(await inspectTarget("demo", cwd)), kind: "ours" };
    const stage = join(target.path, ".create-grpc-service");
    await writeFiles(stage, { "new/a": "a" });
    await writeChanges(target, changes({ create: new Map([["a", ""]]) }), signal);
    expect(existsSync(stage)).toBe(false);
    await writeFiles(stage, { "old/src/mine.ts": "mine" });
    const writing = writeChanges(target, changes({ create: new Map([["b", ""]]) }), signal);
    await expect(writing).rejects.toThrow("whose folder old has what was replaced or removed");
    expect(existsSync(join(stage, "old/src/mine.ts"))).toBe(true);
  });
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
