import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject, environment } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";

const proto = "proto/greeter.proto";
const author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];

/** A repository with the project below `services/greeter`, committed on `main`. */
let original: string;
let repository: string;
let project: string;

const git = async (folder: string, ...args: string[]) => {
  const { stdout } = await execa("git", [...author, ...args], { cwd: folder });
  return stdout;
};

async function commit(folder: string): Promise<void> {
  await git(folder, "add", ".");
  await git(folder, "commit", "--quiet", "--message", "Change");
}

async function change(from: string, to: string): Promise<void> {
  const text = await readFile(join(project, proto), "utf8");
  await writeFiles(project, { [proto]: text.replace(from, to) });
}

const breaking = (args: string[] = [], env = {}) =>
  runCommand(["breaking", ...args], { cwd: project, env: { ...environment, ...env } });

beforeAll(async () => {
  original = await temporaryFolder();
  const made = await createProject();
  await rm(join(made, "node_modules"), { recursive: true });
  await git(original, "init", "--quiet", "--initial-branch=main");
  await mkdir(join(original, "services"));
  await rename(made, join(original, "services/greeter"));
  await commit(original);
});

beforeEach(async () => {
  repository = await copyProject(original);
  project = join(repository, "services/greeter");
});

test("nothing has changed, and what was added breaks nobody", async () => {
  const none = { code: 0, notes: "", output: "No breaking changes since main\n" };
  expect(await breaking()).toEqual(none);
  await change("message GreetRequest {}", "message GreetRequest { string name = 1; }");
  expect(await breaking()).toEqual(none);
});

test("a renamed RPC breaks callers", async () => {
  await change("rpc Greet", "rpc Welcome");
  const { code, output, notes } = await breaking();
  expect({ code, notes }).toEqual({ code: 1, notes: "1 breaking change since main\n" });
  expect(output).toMatch(
    /^proto\/greeter\.proto:3:1: Previously present RPC "Greet" on service "Greeter" was deleted\.\n$/,
  );
});

test("a message that moves to another file of its package breaks nobody", async () => {
  await change("message GreetResponse {}\n", "");
  await change('syntax = "proto3";', 'syntax = "proto3";\nimport "response.proto";');
  await writeFiles(project, {
    "proto/response.proto": 'syntax = "proto3";\npackage greeter.v1;\nmessage GreetResponse {}\n',
  });
  expect(await breaking()).toMatchObject({ code: 0, notes: "" });
});

test("sync prints the same", async () => {
  await change("rpc Greet", "rpc Welcome");
  const { output } = await breaking();
  const synced = await runCommand(["sync", "--rename", "none"], { cwd: project });
  expect(synced.output).toContain(
    `Breaks callers of main, as grpc-service breaking says:\n  ${output}`,
  );
});

test("compares with the commit of --against", async () => {
  await git(repository, "tag", "released");
  await change("rpc Greet", "rpc Welcome");
  await commit(repository);
  expect(await breaking()).toMatchObject({ code: 0 });
  expect(await breaking(["--against", "released"])).toMatchObject({
    code: 1,
    notes: "1 breaking change since released\n",
  });
  expect(await breaking(["--against", "nowhere"])).toEqual({
    code: 2,
    output: "",
    notes: "grpc-service: nowhere is no commit here or at origin; see git branch --all\n",
  });
});

test("fetches the target of a pull request in a shallow clone of another branch", async () => {
  await git(repository, "checkout", "--quiet", "-b", "feature");
  await change("rpc Greet", "rpc Welcome");
  await commit(repository);
  const clone = join(await temporaryFolder(), "clone");
  const source = ["--depth=1", "--branch=feature", `file://${repository}`];
  await git(repository, "clone", "--quiet", ...source, clone);
  project = join(clone, "services/greeter");
  expect(await breaking([], { GITHUB_BASE_REF: "main" })).toMatchObject({
    code: 1,
    notes: "1 breaking change since origin/main\n",
  });
});

test("the variables that git gives to hooks do not lead it elsewhere", async () => {
  const other = await temporaryFolder();
  await git(other, "init", "--quiet");
  expect(await breaking([], { GIT_DIR: join(other, ".git") })).toMatchObject({ code: 0 });
});

test("leaves the index and the working tree alone", async () => {
  await change("rpc Greet", "rpc Welcome");
  const before = await git(repository, "status", "--porcelain");
  await breaking();
  expect(await git(repository, "status", "--porcelain")).toBe(before);
});

test("without protos in that commit nothing can break", async () => {
  await git(repository, "mv", "services/greeter/proto", "services/greeter/protos");
  await commit(repository);
  await git(repository, "mv", "services/greeter/protos", "services/greeter/proto");
  expect(await breaking()).toEqual({
    code: 0,
    notes: "",
    output: "main has no protos of this project yet: nothing can break\n",
  });
});

const record = (name: string) =>
  JSON.stringify({ version: "0.1.0", answers: { name, starter: "", packageManager: "npm" } });

/** Moves the project, and renames its RPC. */
async function move(to: string): Promise<void> {
  await change("rpc Greet", "rpc Welcome");
  await mkdir(dirname(join(repository, to)), { recursive: true });
  await git(repository, "mv", "services/greeter", to);
  project = join(repository, to);
}

test("follows a project that was moved inside of its repository", async () => {
  await writeFiles(project, { ".create-grpc-service.json": record("greeter") });
  await writeFiles(join(repository, "services/other"), {
    "buf.gen.yaml": "",
    ".create-grpc-service.json": record("greeter"),
  });
  await commit(repository);
  await move("apps/backend/greeter");
  expect(await breaking()).toMatchObject({ code: 1, notes: "1 breaking change since main\n" });
  // The record may be another one meanwhile, as after an upgrade.
  await writeFiles(project, {
    ".create-grpc-service.json": record("greeter").replace("0.1.0", "0.2.0"),
  });
  expect(await breaking()).toMatchObject({ code: 1, notes: "1 breaking change since main\n" });
});

test("follows a project without a record by its protos", async () => {
  await move("apps/greeter");
  expect(await breaking()).toMatchObject({ code: 1, notes: "1 breaking change since main\n" });
});

test("says that it cannot compare when the project may have been elsewhere", async () => {
  await writeFiles(project, { ".create-grpc-service.json": record("greeter") });
  await commit(repository);
  await move("apps/welcome");
  await writeFiles(project, { ".create-grpc-service.json": record("welcome") });
  expect(await breaking()).toEqual({
    code: 2,
    output: "",
    notes:
      "grpc-service: the protos cannot be compared: there was no project here then, and it is unknown whether it was at services/greeter; give the commit with its folder, as in --against main:services/greeter\n",
  });
  expect(await breaking(["--against", "main:services/greeter"])).toMatchObject({ code: 1 });
  expect(await breaking(["--against", "main:./services/greeter/"])).toMatchObject({ code: 1 });
  expect(await breaking(["--against", "main:nowhere"])).toMatchObject({
    code: 2,
    notes: "grpc-service: main has no folder nowhere/proto\n",
  });
});

test("the deletion of all protos is breaking, and listed", async () => {
  await rm(join(project, "proto"), { recursive: true });
  const { code, output, notes } = await breaking();
  expect({ code, notes }).toEqual({ code: 1, notes: "1 breaking change since main\n" });
  expect(output).toBe('Previously present package "greeter.v1" was deleted.\n');
});

test("a descriptor set in place of .proto files is compared with them", async () => {
  const set = "proto/descriptors.binpb";
  const args = ["build", "--as-file-descriptor-set", "-o", set];
  await execa("buf", args, { cwd: project, preferLocal: true, localDir: packageRoot() });
  await rm(join(project, proto));
  await writeFiles(project, {
    "buf.gen.yaml": (await readFile(join(project, "buf.gen.yaml"), "utf8")).replace(
      "directory: proto",
      `binary_image: ${set}`,
    ),
  });
  expect(await breaking()).toMatchObject({ code: 0, output: "No breaking changes since main\n" });
});

test("no main branch: one line", async () => {
  await git(repository, "branch", "--move", "main", "other");
  const line = "there is no branch main or master; name a commit with --against";
  expect(await breaking()).toEqual({ code: 2, output: "", notes: `grpc-service: ${line}\n` });
});

test.each([
  [
    "no repository",
    ".git",
    "this folder is in no git repository: there are no protos to compare with",
  ],
  [
    "nothing committed",
    ".git/refs/heads/main",
    "nothing is committed yet: there are no protos to compare with",
  ],
])("%s: one line", async (_, path, line) => {
  await rm(join(repository, path), { recursive: true });
  expect(await breaking()).toEqual({ code: 2, output: "", notes: `grpc-service: ${line}\n` });
});

test("protos that do not compile: one line", async () => {
  await change("message GreetRequest {}", "message GreetRequest {");
  const { code, output, notes } = await breaking();
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(notes).toMatch(/^grpc-service: [^\n]*greeter\.proto[^\n]*\n$/);
});

test("a time of the reflog is a commit, not a commit with a folder", async () => {
  await change("rpc Greet", "rpc Welcome");
  expect(await breaking(["--against", "HEAD@{2035-01-01 10:00:00}"])).toMatchObject({ code: 1 });
  const at = "HEAD@{2035-01-01 10:00:00}:services/greeter";
  expect(await breaking(["--against", at])).toMatchObject({ code: 1 });
  expect(await breaking(["--against", ":services"])).toMatchObject({
    code: 2,
    notes: "grpc-service: --against :services is no commit\n",
  });
});

describe("protos that are not a folder of the repository", () => {
  /** Moves proto/ to a repository of its own. */
  async function protosElsewhere(): Promise<string> {
    const protos = join(await temporaryFolder(), "protos");
    await rename(join(project, "proto"), protos);
    await git(protos, "init", "--quiet", "--initial-branch=main");
    await commit(protos);
    await git(project, "rm", "-r", "--quiet", "--cached", "proto");
    return protos;
  }

  test("a submodule is compared with its commit then", async () => {
    const protos = await protosElsewhere();
    const allowed = ["-c", "protocol.file.allow=always"];
    await git(
      repository,
      ...allowed,
      "submodule",
      "--quiet",
      "add",
      protos,
      "services/greeter/proto",
    );
    await commit(repository);
    expect(await breaking()).toMatchObject({ code: 0, output: "No breaking changes since main\n" });
    await change("rpc Greet", "rpc Welcome");
    await commit(join(project, "proto"));
    expect(await breaking()).toMatchObject({
      code: 1,
      notes: "1 breaking change since main\n",
      output: expect.stringContaining('RPC "Greet"'),
    });
    const hash = await git(repository, "rev-parse", "main:services/greeter/proto");
    await rm(join(project, "proto"), { recursive: true });
    await mkdir(join(project, "proto"));
    expect(await breaking()).toEqual({
      code: 2,
      output: "",
      notes: `grpc-service: services/greeter/proto of main is a submodule, and its commit ${hash.slice(0, 12)} is not here; run git submodule update --init, then git -C proto fetch\n`,
    });
  });

  test("a symbolic link cannot be compared", async () => {
    await symlink(await protosElsewhere(), join(project, "proto"));
    await commit(repository);
    await change("rpc Greet", "rpc Welcome");
    expect(await breaking()).toEqual({
      code: 2,
      output: "",
      notes:
        "grpc-service: services/greeter/proto of main is no folder, but a file or a symbolic link: the protos cannot be compared\n",
    });
  });
});

test("says why git does not work", async () => {
  await writeFile(join(repository, ".git/config"), "[core\n");
  const { code, notes } = await breaking();
  expect({ code, notes }).toEqual({
    code: 2,
    notes: expect.stringMatching(/^grpc-service: git does not work here: bad config .*\n$/),
  });
});
