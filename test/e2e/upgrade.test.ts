// @module-tag installs

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attempt, run } from "../../tooling/packed/commands.ts";
import { proto, temporaryFolder } from "../scaffold/support.ts";
import { before } from "../support/other-version.ts";
import { packVersion } from "../support/packed-version.ts";

const newer = {
  "templates/project/src/app.ts": before("    logger:", "    drainMs: 10_000,"),
  "templates/project/Makefile.hbs": (text: string) =>
    text.replace("## Run the tests", "## Run all tests"),
};

test("the packed tool upgrades a project of the version before", { timeout: 300_000 }, async () => {
  const folder = await temporaryFolder();
  const [old, next] = [
    await packVersion(folder, "0.1.0", {}),
    await packVersion(folder, "0.2.0", newer),
  ];
  await writeFile(join(folder, "user.proto"), proto("user"));
  const project = join(folder, "orders");
  const answers = ["--proto", "user.proto", "--redis", "--yes", "--no-install", "--no-git"];
  const node = (file: string, args: readonly string[], cwd: string) =>
    attempt(process.execPath, [file, ...args], { cwd });
  const create = join(old.dist, "create-grpc-service.js");
  expect((await node(create, ["orders", ...answers], folder)).stderr).toBe("");
  const git = (...args: string[]) => run("git", args, { cwd: project });
  const commit = async () => {
    await git("add", "--all");
    await git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", "A step");
  };
  await git("init", "--quiet");
  const makefile = await readFile(join(project, "Makefile"), "utf8");
  await writeFile(join(project, "Makefile"), makefile.replace("## Run the tests", "## My tests"));
  await commit();

  const upgrade = () =>
    node(join(next.dist, "grpc-service.js"), ["upgrade", "--no-verify"], project);
  const { exitCode, stdout } = await upgrade();
  // Only what the versions differ in: the old one has printed just what is there.
  expect(stdout.replace(/:\d+/, ":<line>")).toBe(`Upgrade from create-grpc-service 0.1.0 to 0.2.0.
Added:
  vendor/create-grpc-service-0.2.0.tgz
  vendor/grpc-service-0.2.0.tgz
Replaced; you had not changed them:
  package.json
  src/app.ts
Removed; you had not changed them:
  vendor/create-grpc-service-0.1.0.tgz
  vendor/grpc-service-0.1.0.tgz
1 conflict to resolve by hand, marked with <<<<<<< yours:
  Makefile:<line>
Resolve the conflicts.`);
  expect(exitCode).toBe(1);
  expect(await readdir(join(project, "vendor"))).toEqual([
    "create-grpc-service-0.2.0.tgz",
    "grpc-service-0.2.0.tgz",
  ]);
  expect(await readFile(join(project, "package.json"), "utf8")).toContain(
    '"create-grpc-service": "file:vendor/create-grpc-service-0.2.0.tgz"',
  );
  await commit();
  expect((await upgrade()).stdout).toMatch(/^This project is already at 0\.2\.0/);
});
