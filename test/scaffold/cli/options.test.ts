import { describe, expect, test } from "vitest";
import { flagGroups } from "../../../src/scaffold/cli/flags.ts";
import { helpText } from "../../../src/scaffold/cli/help.ts";
import { type Options, parseCommand } from "../../../src/scaffold/cli/options.ts";
import { UsageError } from "../../../src/terminal/errors.ts";

const addition = {
  title: "",
  description: "Something to add.",
  isDefault: false,
  additions: [],
  requires: [],
};
const catalog = {
  starters: [
    {
      ...{ name: "user", title: "", description: "Something that works.", isDefault: true },
      additions: ["postgres"],
      requires: [],
    },
  ],
  additions: [
    { ...addition, name: "postgres" },
    { ...addition, name: "redis", isDefault: true },
  ],
};

const parse = (args: readonly string[]) => parseCommand(args, catalog);

function options(...args: string[]): Options {
  const command = parse(args);
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

test("leaves out what no flag says", () => {
  expect(options()).toEqual({
    proto: [],
    importPaths: [],
    additions: new Map(),
    yes: false,
    force: false,
    dryRun: false,
  });
});

test("--help and --version win over other flags", () => {
  expect(parse(["x", "--yes", "-h"])).toEqual({ kind: "help" });
  expect(parse(["--version"])).toEqual({ kind: "version" });
});

test("the last value of a flag wins", () => {
  expect(options("--name", "a", "--name=b", "--git", "--git")).toMatchObject({
    name: "b",
    git: true,
  });
});

test("help has every flag, and the starters and additions of the manifests", () => {
  const groups = flagGroups(catalog);
  const text = helpText(groups);
  for (const { name, isNegatable } of groups.flatMap(({ flags }) => flags)) {
    expect(text).toMatch(new RegExp(`^  .*--${name}\\b.*\\S$`, "m"));
    expect(text.includes(`--no-${name}`)).toBe(isNegatable === true);
  }
  expect(text).toMatch(/^ +user: Something that works\.$/m);
  expect(text).toMatch(
    /^ {2}--postgres, --no-postgres +Something to add\. \(default: yes for the starter user, else no\)$/m,
  );
  expect(text).toMatch(/^ {2}--redis, --no-redis +Something to add\. \(default: yes\)$/m);
  expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
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
    [["a", "b"], 'expected one folder, not "a" and "b"'],
    [["a.proto"], 'expected a folder, not "a.proto"; give it as --proto a.proto'],
    [["demo", "b/a.proto"], 'expected a folder, not "b/a.proto"; give it as --proto b/a.proto'],
    [["--proto", "a.proto", "b.proto"], "give it as --proto b.proto"],
    [["a.binpb"], "give it as --proto a.binpb"],
    [["buf.build/acme/orders"], "give it as --proto buf.build/acme/orders"],
    [["https://github.com/a/b.git"], "give it as --proto https://github.com/a/b.git"],
    [["https://github.com/a/b"], "not a URL; give a git repository as --proto <url>.git"],
    [["--install", "--no-install"], "--install and --no-install contradict each other"],
    [["--git", "--no-git"], "--git and --no-git contradict each other"],
    [["--package-manager", "pnmp"], '"pnmp" is not one of npm, pnpm, yarn; did you mean pnpm?'],
    [["--package-manager", "bundler"], '"bundler" is not one of npm, pnpm, yarn'],
    [["--proto", "x", "--starter", "user"], "give --proto or --starter, not both"],
    [["--no-yes"], 'unknown flag "--no-yes"; see --help'],
    [["--no-proto"], 'unknown flag "--no-proto"; see --help'],
    [["--no-instal"], 'unknown flag "--no-instal"; did you mean --no-install?'],
    [["--postgres", "--no-postgres"], "--postgres and --no-postgres contradict each other"],
    [["--kafka"], 'unknown flag "--kafka"; see --help'],
    [["--\u001b[31mred\nx"], 'unknown flag "--red x"'],
  ])("%j", (args, message) => {
    expect(() => parse(args)).toThrow(UsageError);
    expect(() => parse(args)).toThrow(message);
  });
});
