import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { compileInputs } from "../../../src/scaffold/protos/compile.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import { proto, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

/** The files that a project would get under proto/. */
async function collected(input: string): Promise<string[]> {
  const { signal } = new AbortController();
  const { protoFiles } = await compileInputs({ proto: [input], importPaths: [], cwd, signal });
  return [...protoFiles.keys()].sort();
}

const files = {
  "a/x/a.proto": 'syntax = "proto3"; package x; import "y/b.proto"; message N { y.M m = 1; }',
  "b/y/b.proto": 'syntax = "proto3"; package y; message M {}',
};
const descriptions = {
  "of version 1": { "buf.work.yaml": "version: v1\ndirectories: [a, b]" },
  "of version 2": { "buf.yaml": "version: v2\nmodules:\n  - path: a\n  - path: b" },
};

test.each(Object.entries(descriptions))("a buf workspace %s", async (_, description) => {
  await writeFiles(join(cwd, "ws"), { ...files, ...description });
  // The whole, one module, one file.
  for (const input of ["ws", "ws/a", "ws/a/x/a.proto"]) {
    expect(await collected(input), input).toEqual(["x/a.proto", "y/b.proto"]);
  }
  expect(await collected("ws/b")).toEqual(["y/b.proto"]);
});

test("files that its modules exclude are left out", async () => {
  const broken = { "b/old/no.proto": "no proto", "c/no.proto": "no proto" };
  await writeFiles(join(cwd, "one"), {
    ...files,
    ...broken,
    "buf.work.yaml": "version: v1\ndirectories: [a, b]",
    "b/buf.yaml": "version: v1\nbuild:\n  excludes: [old]",
  });
  await writeFiles(join(cwd, "two"), {
    ...files,
    ...broken,
    "buf.yaml":
      "version: v2\nmodules: [{ path: a, includes: [a/x] }, { path: b, excludes: [b/old] }]",
  });
  expect(await collected("one")).toEqual(["x/a.proto", "y/b.proto"]);
  expect(await collected("two")).toEqual(["x/a.proto", "y/b.proto"]);
});

test("a workspace does not affect files outside of it", async () => {
  await writeFiles(cwd, { ...descriptions["of version 2"], "c/d/d.proto": proto("d") });
  expect(await collected("c")).toEqual(["d/d.proto"]);
  expect(await collected("c/d/d.proto")).toEqual(["d/d.proto"]);
});

test("invalid YAML is refused", async () => {
  await writeFiles(cwd, { "ws/a.proto": proto("a"), "ws/buf.yaml": "a: [" });
  await expect(collected("ws")).rejects.toThrow(UsageError);
  await expect(collected("ws")).rejects.toThrow("buf.yaml:1: ");
});
