import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git, useRepository } from "./repository.ts";

const { at, change, breaking } = useRepository();

test("no main branch: one line", async () => {
  await git(at.repository, "branch", "--move", "main", "other");
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
  await rm(join(at.repository, path), { recursive: true });
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

test("says why git does not work", async () => {
  await writeFile(join(at.repository, ".git/config"), "[core\n");
  const { code, notes } = await breaking();
  expect({ code, notes }).toEqual({
    code: 2,
    notes: expect.stringMatching(/^grpc-service: git does not work here: bad config .*\n$/),
  });
});
