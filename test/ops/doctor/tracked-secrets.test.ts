import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkTrackedSecrets } from "../../scripts/doctor/tracked-secrets.ts";
import { temporaryFolders } from "../temporary-folders.ts";

const temporaryFolder = temporaryFolders();

const hasGit = spawnSync("git", ["--version"]).status === 0;

test.skipIf(!hasGit)("git must track neither .env nor a key", async () => {
  const root = temporaryFolder();
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "pipe" });
  git("init");
  mkdirSync(join(root, "certs"));
  for (const path of [".env", ".env.example", "certs/server.key", "certs/server.crt"]) {
    writeFileSync(join(root, path), "");
  }
  git("add", ".env.example", "certs/server.crt");
  expect(await checkTrackedSecrets(root)).toMatchObject([{ status: "ok" }]);
  git("add", "--force", ".env", "certs/server.key");
  expect(await checkTrackedSecrets(root)).toMatchObject([
    { status: "failure", message: "git tracks .env" },
    { status: "failure", message: "git tracks certs/server.key" },
  ]);
});

test("without a repository there is nothing to check", async () => {
  expect(await checkTrackedSecrets(temporaryFolder())).toMatchObject([{ status: "skipped" }]);
});
