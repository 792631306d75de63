import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeEach, expect, test, vi } from "vitest";
import { compileInputs } from "../../../src/scaffold/protos/compile.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import { proto, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;
let url: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  await writeFiles(join(cwd, "acme.git"), {
    "protos/a/a.proto": `${proto("shop")}`.replace("\n", '\nimport "b/b.proto";\n'),
    "protos/b/b.proto": 'syntax = "proto3"; package b;',
    "other/c.proto": proto("c"),
  });
  const git = (...args: string[]) =>
    promisify(execFile)("git", ["-C", join(cwd, "acme.git"), ...args]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  const author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  await git(...author, "commit", "--quiet", "--message=first");
  url = pathToFileURL(join(cwd, "acme.git")).href;
});

async function collected(value: string, note?: (text: string) => void) {
  const { signal } = new AbortController();
  const { protoFiles } = await compileInputs({
    proto: [value],
    importPaths: [],
    cwd,
    signal,
    note,
  });
  return [...protoFiles.keys()].sort();
}

async function refusal(value: string): Promise<string> {
  const error = await collected(value).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof UsageError)) throw new Error(`not refused: ${error}`);
  return error.message;
}

test("a git repository, a branch and a folder of it, which leave nothing behind", async () => {
  const temporary = await temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  const notes: string[] = [];
  expect(tmpdir()).toBe(temporary);
  const all = ["a/a.proto", "b/b.proto", "c.proto"];
  expect(
    (await collected(url, (text) => notes.push(text))).map((path) => path.replace("other/", "")),
  ).toEqual(all);
  expect(notes).toEqual([`Fetching ${url} ...\n`]);
  expect(await collected(`${url}#branch=main,subdir=protos/a`)).toEqual(["a/a.proto", "b/b.proto"]);
  expect(await readdir(temporary)).toEqual([]);
  vi.unstubAllEnvs();
});

test.each([
  ["#branch=gone", / cannot be cloned: .*gone.*$/],
  ["#branch=--upload-pack=x", /: after # give branch=<name> or tag=<name>, and subdir=<path>$/],
  ["#commit=abc", /: after # give branch=<name> or tag=<name>, and subdir=<path>$/],
  ["#subdir=gone", / has no folder gone$/],
  ["#subdir=../..", / has no folder \.\.\/\.\.$/],
])("%j is refused with one line", async (fragment, message) => {
  expect(await refusal(url + fragment)).toMatch(message);
});

test("what is not there, and what only looks like a repository", async () => {
  expect(await refusal(url.replace("acme", "gone"))).toMatch(/ cannot be cloned: .*gone.*$/);
  expect(await refusal("ext::sh -c touch% pwned.git")).toContain("no such file or folder");
  expect(await refusal("http://example.com/a.git")).toContain("is a URL; download the file");
});

test("a module of buf.build, without a network", async () => {
  // No proxy listens here.
  vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
  expect(await refusal("buf.build/acme/petapis")).toMatch(
    /^--proto buf\.build\/acme\/petapis cannot be fetched: [^\n]+$/,
  );
  vi.unstubAllEnvs();
});
