import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "./support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

const dry = ["--yes", "--dry-run"];

test("--yes makes the user starter in user-service", async () => {
  const { code, output } = await run(quick, { cwd });
  expect(code).toBe(0);
  expect(output).toMatch(/^Wrote \d+ files into user-service\.\n/);
  expect(output).toContain("  cd user-service\n  npm install\n  npm run dev");
  const files = await readFiles(join(cwd, "user-service"));
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([
      ".gitignore",
      "package.json",
      "proto/user.proto",
      "src/gen/runtime/index.ts",
      "src/gen/user_grpc.ts",
      "src/gen/user_pb.ts",
      "src/services/index.ts",
      "src/services/user/get-user.ts",
      "src/services/user/index.ts",
      "test/services/user/get-user.test.ts",
    ]),
  );
  expect([...files.keys()].filter((path) => /\.hbs$|(^|\/)_/.test(path))).toEqual([]);
  expect(await readdir(cwd)).toEqual(["user-service"]);
});

test("the manifest has the name, our pins and where we run from", async () => {
  await run(["demo", ...quick, "--name", "@me/demo"], { cwd });
  const manifest = JSON.parse(await readFile(join(cwd, "demo/package.json"), "utf8"));
  const own = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  expect(manifest.name).toBe("@me/demo");
  expect(manifest.dependencies["@grpc/grpc-js"]).toBe(`^${own.devDependencies["@grpc/grpc-js"]}`);
  expect(manifest.devDependencies["create-grpc-service"]).toMatch(/^file:\//);
});

test("--self wins", async () => {
  await run(["demo", ...quick, "--self", "file:../.."], { cwd });
  expect(await readFile(join(cwd, "demo/package.json"), "utf8")).toContain(
    '"create-grpc-service": "file:../.."',
  );
});

test("--name alone names the folder, too", async () => {
  await run([...quick, "--name", "@me/orders"], { cwd });
  expect(await readdir(cwd)).toEqual(["orders"]);
});

test.each([
  ["pnpm", "pnpm-workspace.yaml", "pnpm install\n"],
  ["yarn", ".yarnrc.yml", "yarn install\n"],
])("%s, when that runs us", async (name, file, next) => {
  const env = { npm_config_user_agent: `${name}/10.0.0 npm/? node/v20.19.0 linux x64` };
  const { output } = await run(["demo", ...quick], { cwd, env });
  expect(output).toContain(next);
  expect(await readdir(join(cwd, "demo"))).toContain(file);
});

test("a hostile user agent is npm", async () => {
  const env = { npm_config_user_agent: "$(touch /tmp/x)/../../etc" };
  const { code, output } = await run(["demo", ...quick], { cwd, env });
  expect(code).toBe(0);
  expect(output).toContain("npm install\n");
});

test("protos are copied by their import paths, the originals stay", async () => {
  await writeFiles(cwd, { "in/a/v1/a.proto": proto("a.v1"), "in/b.proto": proto("b") });
  const before = await readFiles(join(cwd, "in"));
  const { code } = await run(["demo", ...quick, "--proto", "in"], { cwd });
  expect(code).toBe(0);
  expect(await readFiles(join(cwd, "demo/proto"))).toEqual(before);
  expect(await readFiles(join(cwd, "in"))).toEqual(before);
});

test("a descriptor set becomes the input of buf", async () => {
  const bytes = await descriptorSet();
  await writeFile(join(cwd, "set.binpb"), bytes);
  const { code } = await run(["demo", ...quick, "--proto", "set.binpb"], { cwd });
  expect(code).toBe(0);
  expect(await readdir(join(cwd, "demo/proto"))).toEqual(["descriptors.binpb"]);
  expect(await readFile(join(cwd, "demo/buf.gen.yaml"), "utf8")).toContain(
    "- binary_image: proto/descriptors.binpb",
  );
  const again = await run(["demo"], { cwd });
  expect(again).toMatchObject({ code: 0, output: "demo is up to date with its protos.\n" });
});

async function descriptorSet(): Promise<Uint8Array> {
  const { create, toBinary } = await import("@bufbuild/protobuf");
  const { FileDescriptorSetSchema } = await import("@bufbuild/protobuf/wkt");
  const method = { name: "Get", inputType: ".s.M", outputType: ".s.M" };
  const file = {
    name: "s.proto",
    package: "s",
    syntax: "proto3",
    messageType: [{ name: "M" }],
    service: [{ name: "S", method: [method] }],
  };
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] }));
}

describe("--dry-run", () => {
  test("lists every file and writes none", async () => {
    const { code, output } = await run(["demo", ...dry], { cwd });
    expect(code).toBe(0);
    expect(await readdir(cwd)).toEqual([]);
    await run(["demo", ...quick], { cwd });
    const files = [...(await readFiles(join(cwd, "demo"))).keys()];
    expect(output.split("\n").filter((line) => line.startsWith("create "))).toEqual(
      files.map((path) => `create ${path}`),
    );
    expect(output).toMatch(/\nNothing was written\.\n$/);
  });
});

describe("a folder with other files", () => {
  beforeEach(() => writeFiles(join(cwd, "demo"), { "README.md": "mine", "notes/a.txt": "a" }));

  test("is refused without a terminal", async () => {
    const before = await readFiles(cwd);
    const { code, notes } = await run(["demo", ...quick], { cwd });
    expect(code).toBe(2);
    expect(notes).toBe(
      "create-grpc-service: demo is not empty; --force adds what is missing and keeps its files\n",
    );
    expect(await readFiles(cwd)).toEqual(before);
  });

  test("--force adds what is missing and says what it kept", async () => {
    const { code, output } = await run(["demo", ...quick, "--force"], { cwd });
    expect(code).toBe(0);
    expect(output).toContain("Kept 1 that are there and differ from ours:\n  README.md\n");
    const files = await readFiles(join(cwd, "demo"));
    expect(files.get("README.md")).toBe("mine");
    expect(files.get("notes/a.txt")).toBe("a");
    expect(files.has("src/main.ts")).toBe(true);
  });

  test("a package.json that was kept is told what it lacks, and nothing is installed", async () => {
    const manifest = { type: "module", scripts: { dev: "mine" }, dependencies: { pino: "*" } };
    await writeFiles(join(cwd, "demo"), { "package.json": JSON.stringify(manifest) });
    const { code, output } = await run(["demo", "--yes", "--no-git", "--force"], { cwd });
    expect(code).toBe(0);
    expect(output).toMatch(
      /\nNothing runs yet: package\.json is yours and lacks\n {2}scripts: build, start, .*\n {2}dependencies: @bufbuild\/protobuf, .*\n {2}devDependencies: @biomejs\/biome, .*\n$/,
    );
    expect(output).not.toContain("Installing");
  });

  test("--dry-run tells both", async () => {
    const { output } = await run(["demo", ...dry, "--force"], { cwd });
    expect(output).toContain("keep   README.md\n");
    expect(output).toContain("create src/main.ts\n");
    expect([...(await readFiles(join(cwd, "demo"))).keys()]).toEqual(["README.md", "notes/a.txt"]);
  });

  test("no link in it is followed", async () => {
    const elsewhere = await temporaryFolder();
    await symlink(elsewhere, join(cwd, "demo", "src"));
    const { code, notes } = await run(["demo", ...quick, "--force"], { cwd });
    expect(code).toBe(2);
    expect(notes).toContain("src/ is a symbolic link");
    expect(await readdir(elsewhere)).toEqual([]);
  });
});

describe("refuses with one line and code 2, and writes nothing:", () => {
  test.each([
    [["../x", ...quick], "leads out of this folder"],
    [["..", ...quick], "leads out of this folder"],
    [["a b", ...quick], "cannot name a project"],
    [["Demo", ...quick], "npm names are lower case; --name demo would do"],
    [["demo", "--name", "../x", ...quick], '"../x" cannot name a project'],
    [["demo", "--name", "/abs", ...quick], '"/abs" cannot name a project'],
    [["demo", "--name", "a\nb", ...quick], '"a b" cannot name a project'],
    [["demo", "--starter", "usr", ...quick], 'no starter "usr"; did you mean user?'],
    [["demo", "--starter", "../../src", ...quick], 'no starter "../../src"'],
    [["demo", "--proto", "gone.proto", ...quick], "--proto gone.proto: no such file or folder"],
    [["demo", "--proto", "empty.proto", ...quick], "no service with an RPC in empty.proto"],
    [["demo", "--proto", "clash.proto", ...quick], "GetUser and getUser"],
    [["demo", "--proto", "bad.proto", ...quick], "bad.proto:2:"],
    [["demo", "--self", "./gone.tgz", ...quick], "--self ./gone.tgz: no such file or folder"],
    [["file", ...quick], '"file" exists and is not a folder'],
    [["--frce"], 'unknown flag "--frce"; did you mean --force?'],
  ])("%j", async (args, message) => {
    await writeFiles(cwd, {
      file: "",
      "empty.proto": 'syntax = "proto3";\nservice S {}\nmessage M {}\n',
      "clash.proto": proto("clash", "rpc GetUser(M) returns (M); rpc getUser(M) returns (M);"),
      "bad.proto": 'syntax = "proto3";\nmessage {}\n',
    });
    const before = await readdir(cwd);
    const { code, notes, output } = await run(args, { cwd });
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(notes).toContain(message);
    expect(notes.split("\n")).toHaveLength(2);
    expect(await readdir(cwd)).toEqual(before);
  });

  test("no terminal and no answers", async () => {
    expect(await run([], { cwd })).toMatchObject({
      code: 2,
      notes:
        "create-grpc-service: nobody to ask (no terminal): give [dir], --proto or --starter, --install or --no-install, --git or --no-git, or --yes for the defaults\n",
    });
    const { notes } = await run(["demo", "--starter", "user", "--no-git"], { cwd });
    expect(notes).toContain("give --install or --no-install, or --yes for the defaults");
    expect(await readdir(cwd)).toEqual([]);
  });
});

test("Ctrl-C before anything is written: 130, nothing there", async () => {
  const interrupt = new AbortController();
  const running = run(["demo", ...quick], { cwd, signal: interrupt.signal });
  setImmediate(() => interrupt.abort());
  expect(await running).toMatchObject({
    code: 130,
    notes: "create-grpc-service: interrupted\n",
  });
  expect(await readdir(cwd)).toEqual([]);
});

describe("the steps after writing", () => {
  /** A PATH with just these programs, as shell scripts. */
  async function pathWith(programs: Readonly<Record<string, string>>): Promise<string> {
    const bin = join(cwd, "bin");
    await mkdir(bin);
    for (const [name, script] of Object.entries(programs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return bin;
  }

  /** Runs with another PATH: the steps start their programs from the environment. */
  async function runWithPath(path: string, args: readonly string[]) {
    const before = process.env.PATH;
    process.env.PATH = path;
    try {
      return await run(args, { cwd });
    } finally {
      process.env.PATH = before;
    }
  }

  test("the install runs in the project, without NODE_ENV", async () => {
    const path = await pathWith({ npm: 'echo "$1 in $PWD, [$NODE_ENV]" > ran.txt' });
    const { code, output } = await runWithPath(path, ["demo", "--yes", "--no-git"]);
    expect(code).toBe(0);
    expect(await readFile(join(cwd, "demo/ran.txt"), "utf8")).toBe(`install in ${cwd}/demo, []\n`);
    expect(output).not.toContain("  npm install\n");
  });

  test("a failing install keeps the project and says what to run", async () => {
    const path = await pathWith({ npm: "exit 7" });
    const { code, notes } = await runWithPath(path, ["demo", "--yes", "--no-git"]);
    expect(code).toBe(1);
    expect(notes).toBe(
      "create-grpc-service: npm install failed; the project is there, go on with: cd demo && npm install\n",
    );
    expect(await readdir(join(cwd, "demo"))).toContain("package.json");
  });

  test("no package manager and no git are told, no more", async () => {
    const path = await pathWith({});
    const { code, notes, output } = await runWithPath(path, ["demo", "--yes"]);
    expect(code).toBe(1);
    expect(notes).toContain("npm is not installed; the project is there");
    expect(output).toContain("No git repository made: git is not installed.\n");
  });

  test("git makes a repository without a commit, but not inside another", async () => {
    const made = await run(["demo", "--yes", "--no-install"], { cwd });
    expect(made.output).toContain("Made a git repository; nothing is committed yet.\n");
    expect(await readFile(join(cwd, "demo/.git/HEAD"), "utf8")).toBe("ref: refs/heads/main\n");
    const inner = await run(["inner", "--yes", "--no-install"], { cwd: join(cwd, "demo") });
    expect(inner.output).toContain("No git repository made: inside another repository.\n");
  });
});
