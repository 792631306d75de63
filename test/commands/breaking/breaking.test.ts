import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { commit, git, proto, useRepository } from "./repository.ts";

const { at, change, breaking } = useRepository();

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
  await writeFiles(at.project, {
    "proto/response.proto": 'syntax = "proto3";\npackage greeter.v1;\nmessage GreetResponse {}\n',
  });
  expect(await breaking()).toMatchObject({ code: 0, notes: "" });
});

test("sync prints the same", async () => {
  await change("rpc Greet", "rpc Welcome");
  const { output } = await breaking();
  const synced = await runCommand(["sync", "--rename", "none"], { cwd: at.project });
  expect(synced.output).toContain(
    `Breaks callers of main, as grpc-service breaking says:\n  ${output}`,
  );
});

test("compares with the commit of --against", async () => {
  await git(at.repository, "tag", "released");
  await change("rpc Greet", "rpc Welcome");
  await commit(at.repository);
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
  await git(at.repository, "checkout", "--quiet", "-b", "feature");
  await change("rpc Greet", "rpc Welcome");
  await commit(at.repository);
  const clone = join(await temporaryFolder(), "clone");
  const source = ["--depth=1", "--branch=feature", `file://${at.repository}`];
  await git(at.repository, "clone", "--quiet", ...source, clone);
  at.project = join(clone, "services/greeter");
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
  const before = await git(at.repository, "status", "--porcelain");
  await breaking();
  expect(await git(at.repository, "status", "--porcelain")).toBe(before);
});

test("without protos in that commit nothing can break", async () => {
  await git(at.repository, "mv", "services/greeter/proto", "services/greeter/protos");
  await commit(at.repository);
  await git(at.repository, "mv", "services/greeter/protos", "services/greeter/proto");
  expect(await breaking()).toEqual({
    code: 0,
    notes: "",
    output: "main has no protos of this project yet: nothing can break\n",
  });
});

test("the deletion of all protos is breaking, and listed", async () => {
  await rm(join(at.project, "proto"), { recursive: true });
  const { code, output, notes } = await breaking();
  expect({ code, notes }).toEqual({ code: 1, notes: "1 breaking change since main\n" });
  expect(output).toBe('Previously present package "greeter.v1" was deleted.\n');
});

test("a descriptor set in place of .proto files is compared with them", async () => {
  const set = "proto/descriptors.binpb";
  const args = ["build", "--as-file-descriptor-set", "-o", set];
  await execa("buf", args, { cwd: at.project, preferLocal: true, localDir: packageRoot() });
  await rm(join(at.project, proto));
  await writeFiles(at.project, {
    "buf.gen.yaml": (await readFile(join(at.project, "buf.gen.yaml"), "utf8")).replace(
      "directory: proto",
      `binary_image: ${set}`,
    ),
  });
  expect(await breaking()).toMatchObject({ code: 0, output: "No breaking changes since main\n" });
});
