import { readdir } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { proto, quick, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

describe("refuses with one line and code 2, and writes nothing:", () => {
  test.each([
    [["..", ...quick], ".. is not empty"],
    [["a b", ...quick], "is not a valid name"],
    [["Demo", ...quick], "npm names are lower case; try --name demo"],
    [["demo", "--name", "../x", ...quick], '"../x" is not a valid name'],
    [["demo", "--name", "/abs", ...quick], '"/abs" is not a valid name'],
    [["demo", "--name", "a\nb", ...quick], '"a b" is not a valid name'],
    [["demo", "--starter", "usr", ...quick], 'no starter "usr"; did you mean user?'],
    [["demo", "--starter", "../../src", ...quick], 'no starter "../../src"'],
    [["demo", "--starter", "data", "--no-postgres", ...quick], "data requires postgres"],
    [["demo", "--proto", "gone.proto", ...quick], "--proto gone.proto: no such file or folder"],
    [["demo", "--proto", "empty.proto", ...quick], "no service with an RPC in empty.proto"],
    [["demo", "--proto", "clash.proto", ...quick], "GetUser and getUser"],
    [["demo", "--proto", "bad.proto", ...quick], "bad.proto:2:"],
    [["demo", ...quick, "--self", "./gone.tgz"], "--self ./gone.tgz: no such file or folder"],
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

  test.each(["--install", "--git", "--redis", "--no-redis"])(
    "%s in an existing project, which would ignore it",
    async (flag) => {
      await writeFiles(cwd, {
        "demo/package.json": '{"devDependencies":{"create-grpc-service":"1"}}',
        "demo/buf.gen.yaml": "",
      });
      expect(await run(["demo", flag], { cwd })).toEqual({
        code: 2,
        output: "",
        notes: `create-grpc-service: ${flag} is only for new projects, and this folder already has a project\n`,
      });
    },
  );

  test("no terminal and no answers", async () => {
    expect(await run([], { cwd })).toMatchObject({
      code: 2,
      notes:
        "create-grpc-service: cannot prompt without a terminal: give [dir], --proto or --starter, --install or --no-install, --git or --no-git, or --yes for the defaults\n",
    });
    const { notes } = await run(["demo", "--starter", "user", "--no-git"], { cwd });
    expect(notes).toContain("give --install or --no-install, or --yes for the defaults");
    expect(await readdir(cwd)).toEqual([]);
  });
});
