import { expect, test } from "vitest";
import { loadFailure } from "../../../src/commands/project/load-failure.ts";

const root = "/srv/greeter";

// Messages of Node.js and esbuild.
test.each([
  [
    "a missing package",
    "Cannot find package 'pino' imported from /srv/greeter/src/config.ts",
    "src/config.ts: the package pino is not installed",
  ],
  [
    "a missing package with a scope",
    "Cannot find package '@grpc/grpc-js' imported from /srv/greeter/src/config.ts",
    "src/config.ts: the package @grpc/grpc-js is not installed",
  ],
  [
    "a package without its files",
    "Cannot find package '/srv/greeter/node_modules/@grpc/grpc-js/index.js' imported from /x.ts",
    "src/config.ts: the package @grpc/grpc-js is broken: node_modules/@grpc/grpc-js/index.js is missing",
  ],
  [
    "a package with a broken package.json",
    'Invalid package config /srv/greeter/node_modules/pg/package.json while importing "pg" from /x.ts.',
    "src/config.ts: the package pg is broken: node_modules/pg/package.json is invalid",
  ],
  [
    "a missing file of the project",
    "Cannot find module '/srv/greeter/src/nope.ts' imported from /srv/greeter/src/app.ts",
    "src/config.ts: Cannot find module 'src/nope.ts' imported from src/app.ts",
  ],
  [
    "a syntax error, in whatever file it is",
    'Transform failed with 1 error:\n/srv/greeter/src/db.ts:1:18: ERROR: Expected ";"\nmore',
    'src/db.ts:1:18: Expected ";"',
  ],
  [
    "the missing file itself, whatever imports it",
    "Cannot find module '/srv/greeter/src/config.ts' imported from /srv/greeter/node_modules/create-grpc-service/dist/settings-XYZ.js",
    "src/config.ts is missing",
  ],
  [
    "a missing file that a package imports",
    "Cannot find module '/srv/greeter/src/nope.ts' imported from /srv/greeter/node_modules/pino/pino.js",
    "src/config.ts: Cannot find module 'src/nope.ts' imported from node_modules/pino/pino.js",
  ],
  [
    "a missing file of a package, in a folder with a quote",
    "Cannot find module '/o'brien/node_modules/pg/lib/x.js' imported from /srv/greeter/src/db.ts",
    "src/config.ts: the package pg is broken: /o'brien/node_modules/pg/lib/x.js is missing",
  ],
  [
    "a missing package that CommonJS requires",
    "Cannot find module '@grpc/grpc-js/build'\nRequire stack:\n- /srv/greeter/node_modules/pg/index.js",
    "src/config.ts: the package @grpc/grpc-js is not installed",
  ],
  [
    "a missing main file",
    "Cannot find module '/srv/greeter/node_modules/pg/lib/index.js'. Please verify that the package.json has a valid \"main\" entry",
    "src/config.ts: the package pg is broken: node_modules/pg/lib/index.js is missing",
  ],
  [
    "a syntax error in a package that is transformed",
    'Transform failed with 1 error:\n/srv/greeter/node_modules/pg/x.ts:1:18: ERROR: Expected ";"\nmore',
    'src/config.ts: the package pg is broken: node_modules/pg/x.ts:1:18: Expected ";"',
  ],
  [
    "a folder in place of a file",
    "Directory import '/srv/greeter/src/config.ts' is not supported resolving ES modules imported from /x.js",
    "src/config.ts is a folder",
  ],
  ["any other error", "no disk\nat all", "src/config.ts: no disk"],
])("%s", (_, message, expected) => {
  expect(loadFailure("src/config.ts", new Error(message), root).message).toBe(expected);
});

test("an error without a message shows its code", () => {
  const error = Object.assign(new Error(""), { code: "ECONNREFUSED" });
  expect(loadFailure("src/config.ts", error, root).message).toBe("src/config.ts: ECONNREFUSED");
  expect(loadFailure("src/config.ts", "thrown text", root).message).toBe(
    "src/config.ts: thrown text",
  );
});

test("the remedy is to install a package that is missing, and to delete a broken one first", () => {
  const remedy = (message: string) => loadFailure("x.ts", new Error(message), root).remedy;
  expect(remedy("Cannot find package 'pg' imported from /x.ts")).toBe("npm install");
  expect(remedy(`Cannot find module '${root}/node_modules/a/node_modules/@b/c/d.js'`)).toBe(
    "delete node_modules/a/node_modules/@b/c, then npm install",
  );
  expect(remedy("no disk")).toBeUndefined();
});
