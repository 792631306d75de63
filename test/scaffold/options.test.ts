import { describe, expect, test } from "vitest";
import { type Options, parseCommand } from "../../src/scaffold/cli/options.ts";
import { UsageError } from "../../src/scaffold/errors.ts";

function options(...args: string[]): Options {
  const command = parseCommand(args);
  if (command.kind !== "create") throw new Error(`not a create command but ${command.kind}`);
  return command.options;
}

test("reads every flag", () => {
  expect(
    options(
      ...["demo", "--name", "@me/demo", "--proto", "a.proto", "--proto=b", "-I", "inc", "-Ix"],
      ...["--import-path", "y", "--package-manager", "pnpm", "--no-install", "--git"],
      ...["--postgres", "--no-redis"],
      ...["--self", "file:/x", "-y", "--force", "--dry-run"],
    ),
  ).toEqual({
    directory: "demo",
    name: "@me/demo",
    proto: ["a.proto", "b"],
    importPaths: ["inc", "x", "y"],
    packageManager: "pnpm",
    additions: new Map([
      ["postgres", true],
      ["redis", false],
    ]),
    install: false,
    git: true,
    self: "file:/x",
    yes: true,
    force: true,
    dryRun: true,
  });
});

test("has no opinion on what is not said", () => {
  expect(options()).toEqual({
    proto: [],
    importPaths: [],
    additions: new Map(),
    yes: false,
    force: false,
    dryRun: false,
  });
});

test("help and version win over everything valid", () => {
  expect(parseCommand(["x", "--yes", "-h"])).toEqual({ kind: "help" });
  expect(parseCommand(["--version"])).toEqual({ kind: "version" });
});

describe("refuses", () => {
  test.each([
    [["--protoo", "x"], 'unknown flag "--protoo"; did you mean --proto?'],
    [["--zzzzzzzz"], 'unknown flag "--zzzzzzzz"; see --help'],
    [["-rf"], 'unknown flag "-r"; see --help'],
    [["--dryrun"], 'unknown flag "--dryrun"; did you mean --dry-run?'],
    [["--proto"], "--proto needs a value; see --help"],
    [["--proto", "--yes"], "--proto needs a value; see --help"],
    [["--name="], "--name needs a value; see --help"],
    [["--yes=maybe"], "--yes takes no value"],
    [["a", "b"], 'one folder at a time, not "a" and "b"'],
    [["--install", "--no-install"], "--install and --no-install contradict each other"],
    [["--git", "--no-git"], "--git and --no-git contradict each other"],
    [["--package-manager", "pnmp"], '"pnmp" is not one of npm, pnpm, yarn; did you mean pnpm?'],
    [["--package-manager", "bundler"], '"bundler" is not one of npm, pnpm, yarn'],
    [["--proto", "x", "--starter", "user"], "give --proto or --starter, not both"],
    [["--\u001b[31mred\nx"], 'unknown flag "--red x"'],
  ])("%j", (args, message) => {
    expect(() => parseCommand(args)).toThrow(UsageError);
    expect(() => parseCommand(args)).toThrow(message);
  });
});
