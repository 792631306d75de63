import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkTrackedSecrets } from "../../../../src/commands/doctor/checks/tracked-secrets.ts";
import { temporaryFolder } from "../../../scaffold/support.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;

test.skipIf(!hasGit)("git must track neither .env nor a key", async () => {
  const root = await temporaryFolder();
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

test("skipped without a repository", async () => {
  expect(await checkTrackedSecrets(await temporaryFolder())).toMatchObject([{ status: "skipped" }]);
});
