import { cp, rm } from "node:fs/promises";
import { execa } from "execa";
import { beforeEach, expect, test } from "vitest";
import { runCommand } from "../../commands/support/run-command.ts";
import { besideProject, copyBeforeEach, grow, inProject, setRpcs } from "./growing-project.ts";

copyBeforeEach();

const git = (...args: string[]) =>
  execa("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: inProject() });

beforeEach(async () => {
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "first");
});

test("nothing is staged: git finds the moves when the user does", async () => {
  await setRpcs("rpc Fetch(M) returns (M);");
  const flags = ["--rename", "user.UserService/Get=Fetch"];
  expect((await runCommand(["sync", ...flags], { cwd: inProject() })).code).toBe(0);
  const status = async () =>
    (await git("status", "--porcelain", "src/services", "test")).stdout.split("\n");
  expect(await status()).toEqual([
    " D src/services/user/get.ts",
    " M src/services/user/index.ts",
    " D test/services/user/get.test.ts",
    "?? src/services/user/fetch.ts",
    "?? test/services/user/fetch.test.ts",
  ]);
  await git("add", ".");
  expect(await status()).toEqual([
    "R  src/services/user/get.ts -> src/services/user/fetch.ts",
    "M  src/services/user/index.ts",
    "R  test/services/user/get.test.ts -> test/services/user/fetch.test.ts",
  ]);
});

test("after buf generate, the last commit tells what is new", async () => {
  await cp(inProject(), besideProject("other"), { recursive: true });
  await setRpcs("rpc Fetch(M) returns (M);");
  await runCommand(["sync", "--rename", "none"], { cwd: inProject() });
  await cp(inProject("src/gen"), besideProject("gen"), { recursive: true });
  await rm(inProject(), { recursive: true });
  await cp(besideProject("other"), inProject(), { recursive: true });
  await setRpcs("rpc Fetch(M) returns (M);");
  await cp(besideProject("gen"), inProject("src/gen"), { recursive: true });
  const { output, changed } = await grow();
  expect(changed).toEqual([]);
  expect(output).toContain("--rename user.UserService/Get=user.UserService/Fetch\n");
});

test("a stub that an earlier run has replaced is right", async () => {
  await setRpcs("rpc Get(M) returns (stream M);");
  expect((await grow()).output).toContain("Printed anew");
  expect((await grow()).output).not.toContain("another signature");
});
