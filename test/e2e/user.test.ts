// @module-tag installs

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { repeatable, runClient } from "../../tooling/packed/client.ts";
import { run } from "../../tooling/packed/commands.ts";
import { startServer } from "../../tooling/packed/server.ts";
import { readTree } from "../support/emitted-files.ts";

import { worksAsEmitted } from "./emitted.ts";
import { create, createSandbox, type Sandbox, warnings } from "./packed.ts";

const vendorLine = /^(?:COPY vendor vendor|!vendor)\n/m;

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

  // An empty user breaks the rules.
  worksAsEmitted(() => project, /INVALID_ARGUMENT/);

  test("builds, starts, answers the demo client over all four patterns and stops on SIGTERM", async () => {
    await npm("run", "build");
    // The embedded database has kept the users of earlier runs.
    expect(existsSync(join(project, ".data"))).toBe(true);
    await rm(join(project, ".data"), { recursive: true });
    const server = await startServer(project);
    try {
      const client = await runClient(project, server.address);
      expect(client.stderr).toBe("");
      await expect(`${repeatable(client.stdout)}\n`).toMatchFileSnapshot("user.demo.txt");
      expect(client.exitCode).toBe(0);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });

  test("the demo client fails and names the address if no server listens", async () => {
    const client = await runClient(project, "127.0.0.1:1");
    expect(client.exitCode).not.toBe(0);
    expect(client.stderr).toMatch(/^no server at 127\.0\.0\.1:1; .*doctor/);
    expect(client.stderr).toContain("ECONNREFUSED");
  });
});
