import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, test } from "vitest";
import type { Changes } from "../../../src/scaffold/disk/changes.ts";
import { inspectTarget, type Target } from "../../../src/scaffold/disk/target.ts";
import { writeChanges } from "../../../src/scaffold/disk/write.ts";
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
