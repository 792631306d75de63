// @module-tag installs

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { recordFile } from "../../src/scaffold/new/record.ts";
import { run } from "../../tooling/packed/commands.ts";
import { readTree } from "../support/emitted-files.ts";
import { create, createSandbox, type Sandbox, warnings } from "./packed.ts";

const vendorLine = /^(?:COPY vendor vendor|!vendor)\n/m;

// starters.test.ts runs it.
describe("the user starter, through the packed tarball", { timeout: 300_000 }, () => {
  let place: Sandbox;
  let project: string;

  beforeAll(async () => {
    place = await createSandbox();
    project = join(place.folder, "user-service");
    await create(place, ["user-service", "--starter", "user", "--yes", "--no-install", "--no-git"]);
  }, 300_000);
  afterAll(() => place.remove());

  const npm = (...args: string[]) => run("npm", args, { cwd: project });

  test("is examples/user-service, except for the source of our packages", async () => {
    const ours = readTree(join(packageRoot(), "examples/user-service"));
    const theirs = readTree(project);
    for (const [name, own] of [
      ["create-grpc-service", "file:../.."],
      ["grpc-service", "file:../../runtime"],
    ]) {
      const manifest = theirs.get("package.json") ?? "";
      const vendored = `"${name}": "file:vendor/${name}-0.1.0.tgz"`;
      expect(manifest).toContain(vendored);
      theirs.set("package.json", manifest.replace(vendored, `"${name}": "${own}"`));
    }
    for (const path of ["Dockerfile", ".dockerignore"]) {
      const text = theirs.get(path) ?? "";
      expect(text).toMatch(vendorLine);
      theirs.set(path, text.replace(vendorLine, ""));
    }
    // Hashes of these files, and of the packages.
    for (const files of [ours, theirs]) {
      const record = JSON.parse(files.get(recordFile) ?? "");
      files.set(recordFile, JSON.stringify({ ...record, files: {} }));
    }
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    expect(Object.fromEntries(theirs)).toEqual(Object.fromEntries(ours));
  });

  test.each(["10", "11"])("installs without a warning with npm %s", async (version) => {
    await rm(join(project, "node_modules"), { recursive: true, force: true });
    await rm(join(project, "package-lock.json"), { force: true });
    const installed = await npm(
      "exec",
      "--yes",
      `--package=npm@${version}`,
      "--",
      "npm",
      "install",
    );
    expect(installed.stdout).toMatch(/added \d+ packages/);
    expect(warnings(installed)).toEqual([]);
  });
});
