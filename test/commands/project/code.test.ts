import { expect, test } from "vitest";
import { loadFailure } from "../../../src/commands/project/code.ts";

const root = "/work/greeter";

// Messages of Node.js and esbuild.
test.each([
  [
    "a missing package",
    "Cannot find package 'pino' imported from /work/greeter/src/config.ts",
    "src/config.ts: the package pino is not installed",
  ],
  [
    "a missing package with a scope",
    "Cannot find package '@grpc/grpc-js' imported from /work/greeter/src/config.ts",
    "src/config.ts: the package @grpc/grpc-js is not installed",
  ],
  [
    "a package without its files",
    "Cannot find package '/work/greeter/node_modules/@grpc/grpc-js/index.js' imported from /x.ts",
    "src/config.ts: the package @grpc/grpc-js is broken: node_modules/@grpc/grpc-js/index.js is missing",
  ],
  [
    "a package with a broken package.json",
    'Invalid package config /work/greeter/node_modules/pg/package.json while importing "pg" from /x.ts.',
    "src/config.ts: the package pg is broken: node_modules/pg/package.json is invalid",
  ],
  [
    "a missing file of the project",
    "Cannot find module '/work/greeter/src/nope.ts' imported from /work/greeter/src/app.ts",
    "src/config.ts: Cannot find module 'src/nope.ts' imported from src/app.ts",
  ],
  [
    "a syntax error, in whatever file it is",
    'Transform failed with 1 error:\n/work/greeter/src/db.ts:1:18: ERROR: Expected ";"\nmore',
    'src/db.ts:1:18: Expected ";"',
  ],
  ["any other error", "no disk\nat all", "src/config.ts: no disk"],
])("%s", (_, message, expected) => {
  expect(loadFailure("src/config.ts", new Error(message), root)).toBe(expected);
});

test("an error without a message shows its code", () => {
  const error = Object.assign(new Error(""), { code: "ECONNREFUSED" });
  expect(loadFailure("src/config.ts", error, root)).toBe("src/config.ts: ECONNREFUSED");
  expect(loadFailure("src/config.ts", "thrown text", root)).toBe("src/config.ts: thrown text");
});
