import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, beforeEach, expect, test } from "vitest";
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

test.each([
  [
    "no repository",
    ".git",
    "this folder is in no git repository: there are no protos to compare with",
  ],
  [
    "no main branch",
    ".git/refs/heads/main",
    "there is no branch main or master; name a commit with --against",
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
