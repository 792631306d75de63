import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  contentHash,
  parseRecord,
  printRecord,
  recordFile,
} from "../../../src/scaffold/new/record.ts";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

test.each([
  ["a starter", ["--starter", "user"]],
  ["a proto", ["--proto", "user.proto"]],
])("a project from %s records the hash of every file of the user", async (_, source) => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "user.proto": proto("user") });
  expect((await run(["demo", ...quick, ...source], { cwd })).code).toBe(0);
  const files = await readFiles(join(cwd, "demo"));
  const record = parseRecord(await readFile(join(cwd, "demo", recordFile), "utf8"));
  const owned = [...files].filter(([path]) => !path.startsWith("src/gen/") && path !== recordFile);
  expect(record?.files).toEqual(new Map(owned.map(([path, text]) => [path, contentHash(text)])));
  expect(record?.version).toBe("0.1.0");
});

test("the hashes of a descriptor set and its buf.gen.yaml are those of the written files", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "user.proto": proto("user") });
  await run(["one", ...quick, "--proto", "user.proto"], { cwd });
  const { execa } = await import("execa");
  await execa("buf", ["build", "-o", join(cwd, "set.binpb")], {
    cwd: join(cwd, "one"),
    preferLocal: true,
    localDir: process.cwd(),
  });
  await run(["two", ...quick, "--proto", "set.binpb"], { cwd });
  const record = parseRecord(await readFile(join(cwd, "two", recordFile), "utf8"));
  for (const path of ["buf.gen.yaml", "proto/descriptors.binpb"]) {
    expect(record?.files.get(path)).toBe(contentHash(await readFile(join(cwd, "two", path))));
  }
});

const old = `{
  "version": "0.1.0",
  "answers": {
    "name": "orders",
    "starter": "",
    "additions": { "postgres": true },
    "packageManager": "pnpm"
  },
  "source": { "kind": "git" }
}
`;

test("a record without hashes is read, and keys of others are kept", () => {
  const record = parseRecord(old);
  if (record === undefined) throw new Error("not read");
  expect(record).toEqual({
    version: "0.1.0",
    answers: { name: "orders", starter: "", additions: ["postgres"], packageManager: "pnpm" },
    files: new Map(),
    more: { source: { kind: "git" } },
  });
  const printed = printRecord({ ...record, files: new Map([["a.ts", "12"]]) });
  expect(parseRecord(printed)).toEqual({ ...record, files: new Map([["a.ts", "12"]]) });
});

test.each(["", "{", "[]", "null", '{"version":1}', '{"version":"1.0.0","answers":{"name":"x"}}'])(
  "%j is no record",
  (text) => {
    expect(parseRecord(text)).toBeUndefined();
  },
);

test("a formatter changes nothing in the record of a project", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "protos/user.proto": proto("user"), "libs/b.proto": "" });
  const long = "a".repeat(120);
  await writeFiles(cwd, { [`${long}/x.proto`]: "" });
  await run(["one", ...quick, "--proto", "protos", "-I", "libs"], { cwd });
  await run(["two", ...quick, "--proto", "protos", "-I", "libs", "-I", long], { cwd });
  const { execa } = await import("execa");
  for (const project of ["one", "two"]) {
    const args = ["check", recordFile];
    const { stdout } = await execa("biome", args, {
      cwd: join(cwd, project),
      preferLocal: true,
      localDir: process.cwd(),
    });
    expect(stdout).toContain("Checked 1 file");
  }
});
