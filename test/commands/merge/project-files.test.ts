import { join } from "node:path";
import { expect, test } from "vitest";
import { findMoves } from "../../../src/commands/merge/find-moves.ts";
import { filesOfUser, importsPackage } from "../../../src/commands/merge/project-files.ts";
import { readIfPresent } from "../../../src/scaffold/disk/plan.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";

test("files that nobody writes by hand, and those of an interrupted run, are not listed", async () => {
  const root = await temporaryFolder();
  await writeFiles(root, {
    "src/app.ts": "",
    "src/gen/user_pb.ts": "",
    "node_modules/a/index.js": "",
    ".git/HEAD": "",
    ".github/workflows/ci.yml": "",
    ".grpc-service-merge-ab12/new/src/app.ts": "",
    "gen/own.ts": "",
  });
  expect(await filesOfUser(root)).toEqual([".github/workflows/ci.yml", "gen/own.ts", "src/app.ts"]);
});

test("two files with one content are the moves of two files", async () => {
  const root = await temporaryFolder();
  await writeFiles(root, { "src/x/a.ts": "same\n", "src/x/b.ts": "same\n" });
  const same = Buffer.from("same\n");
  const moves = await findMoves({
    read: (path) => readIfPresent(join(root, path)),
    base: new Map([
      ["src/a.ts", same],
      ["src/b.ts", same],
    ]),
    hashes: new Map(),
    present: await filesOfUser(root),
    wanted: ["src/a.ts", "src/b.ts"],
  });
  expect(Object.fromEntries(moves)).toEqual({ "src/a.ts": "src/x/a.ts", "src/b.ts": "src/x/b.ts" });
});

test.each([
  ['import x from "jose";', true],
  ["import x from 'jose/jwt';", true],
  ['import x from "jose-more";', false],
  ['import x from "./jose";', false],
])("%s", (source, expected) => {
  expect(importsPackage(source, "jose")).toBe(expected);
});
