import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { initRepository } from "../../../src/scaffold/new/git.ts";
import { install } from "../../../src/scaffold/new/install.ts";
import { packageManager } from "../../../src/scaffold/templates/package-managers.ts";
import { temporaryFolder } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test("git makes the repository in the project, also within a hook of another repository", async () => {
  const other = join(cwd, "other");
  await mkdir(other);
  await initRepository(other);
  const before = await readdir(join(other, ".git"), { recursive: true });
  vi.stubEnv("GIT_DIR", join(other, ".git"));
  vi.stubEnv("GIT_WORK_TREE", other);
  vi.stubEnv("GIT_INDEX_FILE", join(other, ".git", "index"));
  const project = join(cwd, "project");
  await mkdir(project);
  expect(await initRepository(project)).toBe("made");
  expect(await readdir(project)).toEqual([".git"]);
  expect(await readdir(join(other, ".git"), { recursive: true })).toEqual(before);
});

test("the package manager installs into the project, whatever an outer npm was told", async () => {
  const bin = join(cwd, "bin");
  await mkdir(bin);
  const script = `#!/bin/sh\n(pwd; env | grep -iE '^(npm_config|NODE_ENV)') > "${cwd}/seen"\n`;
  await writeFile(join(bin, "npm"), script, { mode: 0o755 });
  const project = join(cwd, "project");
  await mkdir(project);
  vi.stubEnv("PATH", [bin, process.env.PATH].join(delimiter));
  vi.stubEnv("NODE_ENV", "production");
  for (const name of ["global", "dry_run", "omit", "workspace", "package_lock_only"]) {
    vi.stubEnv(`npm_config_${name}`, "true");
  }
  vi.stubEnv("npm_config_fund", "false");
  const { signal } = new AbortController();
  expect(await install(project, packageManager("npm"), { signal })).toBeUndefined();
  const seen = (await readFile(join(cwd, "seen"), "utf8")).split("\n");
  expect(seen[0]).toBe(project);
  expect(seen).toContain("npm_config_fund=false");
  expect(seen.join("\n")).not.toMatch(/NODE_ENV|global=|dry_run|omit=|workspace=|lock_only/);
});
