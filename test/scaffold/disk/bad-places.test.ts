import {
  chmod,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  proto,
  published,
  quick,
  readFiles,
  run,
  temporaryFolder,
  writeFiles,
} from "../support.ts";

let cwd: string;
let elsewhere: string;

beforeEach(async () => {
  [cwd, elsewhere] = await Promise.all([temporaryFolder(), temporaryFolder()]);
  await writeFile(join(cwd, "a.proto"), proto("a"));
});

const args = [...quick, "--proto", "a.proto"];

/** Every entry below a folder with what it is, so that nothing can change unseen. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true });
  const pairs = entries.sort().map(async (path) => {
    const file = join(folder, path);
    const entry = await lstat(file);
    if (entry.isSymbolicLink()) return [path, `-> ${await readlink(file)}`] as const;
    return [path, entry.isFile() ? await readFile(file, "utf8") : "folder"] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

/** Runs what must be refused: one line, code 2, not a byte written here or elsewhere. */
async function refusal(command: readonly string[], from = cwd): Promise<string> {
  const before = [await snapshot(cwd), await snapshot(elsewhere)];
  const { code, output, notes } = await run(command, { cwd: from });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(notes).toMatch(/^create-grpc-service: .+\n$/);
  expect([await snapshot(cwd), await snapshot(elsewhere)]).toEqual(before);
  return notes;
}

async function manifestName(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")).name;
}

test("an absolute folder is used as given", async () => {
  const { code } = await run([join(elsewhere, "deep/demo"), ...args], { cwd });
  expect(code).toBe(0);
  expect(await manifestName(join(elsewhere, "deep/demo"))).toBe("demo");
  expect(await readdir(cwd)).toEqual(["a.proto"]);
});

test("a scoped name goes to the folder without the scope, and finds it again", async () => {
  expect(await run(["@me/orders", ...args], { cwd })).toMatchObject({ code: 0, notes: "" });
  expect(await readdir(cwd)).toEqual(["a.proto", "orders"]);
  expect(await manifestName(join(cwd, "orders"))).toBe("@me/orders");
  const again = await run(["@me/orders"], { cwd });
  expect(again.output).toMatch(/^Nothing to change in orders for its protos\.\n/);
});

describe("the current folder", () => {
  test("is used if it is empty, with its own name", async () => {
    const here = join(cwd, "orders");
    await mkdir(here);
    const { code, output } = await run([".", ...quick], { cwd: here });
    expect(code).toBe(0);
    expect(output).toMatch(/^Wrote \d+ files into this folder\.\n/);
    expect(output).not.toContain("cd ");
    expect(await manifestName(here)).toBe("orders");
  });

  test("is refused if it has files", async () => {
    expect(await refusal([".", ...args, "--name", "orders"])).toContain("is not empty");
  });

  test("is refused if its name is invalid, unless --name is given", async () => {
    const here = join(cwd, "My Orders");
    await mkdir(here);
    expect(await refusal([".", ...quick], here)).toContain("try --name my-orders");
    const { code } = await run([".", ...quick, "--name", "my-orders"], { cwd: here });
    expect(code).toBe(0);
  });
});

test("the path of the folder is not interpreted by a shell", async () => {
  const hostile = join(cwd, "$(touch pwned) `touch pwned`; touch pwned & '\"");
  const bin = join(elsewhere, "bin");
  await writeFiles(hostile, { "a.proto": proto("a") });
  await writeFiles(bin, { npm: '#!/bin/sh\necho "$#: $*" > npm.txt\n' });
  const { PATH } = process.env;
  await chmod(join(bin, "npm"), 0o755);
  process.env.PATH = [bin, PATH].join(delimiter);
  try {
    const { code } = await run(["demo", "--yes", ...published, "--proto", "a.proto"], {
      cwd: hostile,
    });
    expect(code).toBe(0);
  } finally {
    process.env.PATH = PATH;
  }
  expect(await readFile(join(hostile, "demo/npm.txt"), "utf8")).toBe("1: install\n");
  expect(await readdir(join(hostile, "demo"))).toContain(".git");
  const written = [...(await readdir(cwd, { recursive: true })), ...(await readdir(elsewhere))];
  expect(written.filter((path) => path.endsWith("pwned"))).toEqual([]);
});

describe("a folder that is not empty", () => {
  beforeEach(() => {
    return writeFiles(join(cwd, "demo"), {
      "README.md": "mine",
      "src/main.ts": "mine",
      "x/y": "z",
    });
  });

  test("--force writes the files that it lists, and nothing else changes", async () => {
    const before = await snapshot(join(cwd, "demo"));
    const { output } = await run(["demo", ...args, "--force", "--dry-run"], { cwd });
    expect(await snapshot(join(cwd, "demo"))).toEqual(before);
    const lines = output.split("\n").map((line) => /^(\w+) +(.+)$/.exec(line)?.slice(1) ?? []);
    const listed = lines.flatMap(([verb, path = ""]) => (verb === "create" ? [path] : []));
    expect(lines.filter(([verb]) => verb === "update" || verb === "remove")).toEqual([]);
    await run(["demo", ...args, "--force"], { cwd });
    const after = await snapshot(join(cwd, "demo"));
    expect(after).toMatchObject(before);
    const added = Object.keys(after).filter(
      (path) => !(path in before) && after[path] !== "folder",
    );
    expect(added.sort()).toEqual(listed.sort());
  });
});

describe("links", () => {
  test("are refused as the target, whether to a folder, a file or nothing", async () => {
    await writeFile(join(elsewhere, "file"), "");
    for (const to of [elsewhere, join(elsewhere, "file"), join(elsewhere, "gone")]) {
      await symlink(to, join(cwd, `to-${to.split("/").at(-1)?.toLowerCase()}`));
    }
    for (const name of (await readdir(cwd)).filter((name) => name.startsWith("to-"))) {
      expect(await refusal([name, ...args])).toContain("is a symbolic link");
      expect(await refusal([name, ...args, "--force"])).toContain("is a symbolic link");
    }
  });

  test.each(["src", "src/gen", "test", "proto", ".github"])(
    "a new project does not go through %s",
    async (path) => {
      await writeFiles(join(cwd, "demo"), { "mine.txt": "" });
      await mkdir(dirname(join(cwd, "demo", path)), { recursive: true });
      await symlink(elsewhere, join(cwd, "demo", path));
      expect(await refusal(["demo", ...args, "--force"])).toContain("is a symbolic link");
    },
  );

  test.each(["src/gen", "src/services", "src/services/user", "test", "proto"])(
    "a project that grows does not go through %s",
    async (path) => {
      await run(["demo", ...args], { cwd });
      await cp(join(cwd, "demo", path), join(elsewhere, "moved"), { recursive: true });
      await rm(join(cwd, "demo", path), { recursive: true });
      await symlink(join(elsewhere, "moved"), join(cwd, "demo", path));
      const two = "rpc Get(M) returns (M); rpc List(M) returns (M);";
      await writeFile(join(cwd, "a.proto"), proto("a", two));
      expect(await refusal(["demo", "--proto", "a.proto", "--force"])).toContain("symbolic link");
    },
  );
});

test("a file where the folder should be, or above it", async () => {
  await writeFiles(cwd, { note: "" });
  expect(await refusal(["note", ...quick])).toContain("exists and is not a folder");
  expect(await refusal(["note/demo", ...quick])).toContain("part of the path is not a folder");
});

test("a proto from another folder is copied to its import path; its origin is not recorded", async () => {
  await writeFiles(elsewhere, { "x/y/b.proto": proto("b"), "in/c/v1/c.proto": proto("c.v1") });
  const given = [join(elsewhere, "x/y/b.proto"), join(elsewhere, "in/c/v1/c.proto")];
  const before = await snapshot(elsewhere);
  const flags = [...quick, "--self", "0.1.0", ...given.flatMap((path) => ["--proto", path])];
  const { code } = await run(["demo", ...flags], { cwd });
  expect(code).toBe(0);
  const files = await readFiles(join(cwd, "demo"));
  const protos = [...files.keys()].filter((path) => path.endsWith(".proto"));
  expect(protos).toEqual(["proto/b.proto", "proto/c/v1/c.proto"]);
  expect([...files].filter(([, text]) => text.includes(elsewhere))).toEqual([]);
  expect(await snapshot(elsewhere)).toEqual(before);
});

describe("files of a project that would pollute prototypes", () => {
  test("a manifest does not make a folder ours", async () => {
    await writeFiles(cwd, {
      "demo/package.json": '{"__proto__":{"devDependencies":{"create-grpc-service":"1"}}}',
      "demo/buf.gen.yaml": "version: v2\n",
    });
    expect(await refusal(["demo", ...args])).toContain("is not empty");
  });

  test.each(["__proto__", "constructor"])("%s in buf.gen.yaml gives nothing", async (key) => {
    await run(["demo", ...args], { cwd });
    const path = join(cwd, "demo/buf.gen.yaml");
    const config = (await readFile(path, "utf8")).replace(/^plugins:/m, `${key}:`);
    await writeFile(path, config.replace(`${key}:`, `${key}:\n  plugins:`));
    expect(await refusal(["demo"])).toContain("buf.gen.yaml: ");
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
