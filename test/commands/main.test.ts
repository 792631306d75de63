import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageVersion } from "../../src/package-root.ts";
import { temporaryFolder, writeFiles } from "../scaffold/support.ts";
import { runCommand } from "./support/run-command.ts";

const ofProjects = ["doctor", "certs", "secrets", "token", "sync"];
const names = [...ofProjects, "call", "list", "describe", "completion", "mock"];
const run = (...args: string[]) => runCommand(args, { cwd: "/" });

test("--help lists every command with one line", async () => {
  const { code, output, notes } = await run("--help");
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  for (const name of names) expect(output).toMatch(new RegExp(`^  ${name} +\\S.*\\.$`, "m"));
  expect(await run("-h")).toEqual({ code, output, notes });
});

test.each(names)("%s --help prints the usage of the command, and runs nothing", async (name) => {
  const { code, output, notes } = await run(name, "--help");
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toMatch(new RegExp(`^grpc-service ${name}: `));
  expect(output).toMatch(/^ {2}-h, --help +Print this text\.$/m);
});

test("help lists arguments and flags with their values", async () => {
  expect((await run("token", "-h")).output).toBe(`\
grpc-service token: Print a token that is valid for five minutes, signed with AUTH_JWT_SECRET.

Usage
  grpc-service token [subject] [flags]

Argument
  subject  Subject of the token. Default: developer.

Flags
  --scope <scope>  Scope of the token. Repeatable.
  -h, --help       Print this text.
`);
  expect((await run("sync", "-h")).output).toMatch(/^ {2}-I, --import-path <dir> +\S/m);
});

test("--version", async () => {
  const output = `${packageVersion()}\n`;
  expect(await run("--version")).toEqual({ code: 0, output, notes: "" });
  expect(await run("-v")).toEqual({ code: 0, output, notes: "" });
});

test("without a command it prints the help and returns 2", async () => {
  const { code, output, notes } = await run();
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(notes).toBe((await run("--help")).output);
});

describe("refuses in one line, with exit code 2", () => {
  test.each([
    [["docter"], 'unknown command "docter"; did you mean doctor?'],
    [["zzzzzzzz"], 'unknown command "zzzzzzzz"; see grpc-service --help'],
    [["\u001b[31mred\nx"], 'unknown command "red x"; see grpc-service --help'],
    [["--halp"], 'unknown flag "--halp"; did you mean --help?'],
    [["doctor", "--jsn"], 'unknown flag "--jsn"; did you mean --json?'],
    [["doctor", "--zzzzzz"], 'unknown flag "--zzzzzz"; see grpc-service doctor --help'],
    [["certs", "--hel"], 'unknown flag "--hel"; did you mean --help?'],
    [["doctor", "--toString"], 'unknown flag "--toString"; see grpc-service doctor --help'],
    [["doctor", "--json=yes"], "--json takes no value"],
    [["token", "--scope"], "--scope needs a value; see grpc-service token --help"],
    [["token", "--scope", "--help-me"], "--scope needs a value; see grpc-service token --help"],
    [["token", "ada", "bob"], 'unexpected argument "bob"; see grpc-service token --help'],
    [["doctor", "."], 'unexpected argument "."; see grpc-service doctor --help'],
    [["doctor", "a.proto"], 'unexpected argument "a.proto"; see grpc-service doctor --help'],
    [["mock", "a.proto"], 'unexpected argument "a.proto"; give it as --proto a.proto'],
    [
      ["mock", "--proto", "a.proto", "my b.proto"],
      `unexpected argument "my b.proto"; give it as --proto 'my b.proto'`,
    ],
    [["mock", "mocks"], 'unexpected argument "mocks"; see grpc-service mock --help'],
    [["sync", "x", "a.binpb"], 'unexpected argument "a.binpb"; give it as --proto a.binpb'],
    [
      ["add", "service", "Audit", "a.proto"],
      'unexpected argument "a.proto"; give it as --proto a.proto',
    ],
  ])("%j", async (args, message) => {
    expect(await run(...args)).toEqual({
      code: 2,
      output: "",
      notes: `grpc-service: ${message}\n`,
    });
  });
});

describe("a command outside of a project", () => {
  const message =
    "no project here: neither this folder nor one above it has a package.json that depends on create-grpc-service";

  test.each(ofProjects)("%s", async (name) => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { "package.json": '{ "name": "other" }' });
    expect(await runCommand([name], { cwd })).toEqual({
      code: 2,
      output: "",
      notes: `grpc-service: ${message}\n`,
    });
  });
});

test("a package.json that is not JSON is named", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "package.json": "{" });
  expect(await runCommand(["doctor"], { cwd })).toEqual({
    code: 2,
    output: "",
    notes: `grpc-service: ${cwd}/package.json:1:2 is not valid JSON: close brace expected\n`,
  });
});

test.each(["sync", "add"])(
  "%s runs in the version that the project has installed",
  async (name) => {
    const cwd = await temporaryFolder();
    const copy = "node_modules/create-grpc-service";
    await writeFiles(cwd, {
      "package.json": '{ "devDependencies": { "create-grpc-service": "^9.0.0" } }',
      [`${copy}/package.json`]: '{ "version": "9.0.0" }',
      [`${copy}/dist/create-grpc-service.js`]: "",
      [`${copy}/dist/grpc-service.js`]:
        'require("node:fs").writeFileSync("ran", process.argv.slice(2).join(" ")); process.exit(7);',
    });
    expect(await runCommand([name, "--dry-run"], { cwd })).toEqual({
      code: 7,
      output: "",
      notes: "Running grpc-service 9.0.0, which this project has installed.\n",
    });
    expect(await readFile(join(cwd, "ran"), "utf8")).toBe(`${name} --dry-run`);
  },
);

test("sync says when another version has written the project", async () => {
  const cwd = await temporaryFolder();
  const answers = { name: "x", starter: "", packageManager: "npm" };
  await writeFiles(cwd, {
    "package.json": '{ "devDependencies": { "create-grpc-service": "^9.0.0" } }',
    "buf.gen.yaml": "",
    ".create-grpc-service.json": JSON.stringify({ version: "9.0.0", answers }),
  });
  expect((await runCommand(["sync"], { cwd })).notes).toMatch(
    /^This project was written by create-grpc-service 9\.0\.0, and this is /,
  );
});
