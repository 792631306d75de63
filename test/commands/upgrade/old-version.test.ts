import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { renderOldVersion } from "../../../src/commands/upgrade/old-version.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";

let root: string;

const answers = { name: "demo", starter: "", additions: [], packageManager: "npm" } as const;

beforeEach(async () => {
  root = await temporaryFolder();
  await writeFiles(root, {
    "package.json":
      '{ "devDependencies": { "create-grpc-service": "file:vendor/create-grpc-service-0.0.1.tgz" } }',
    ".create-grpc-service.json": JSON.stringify({ version: "0.0.1", answers }),
  });
});

test("a missing tarball in vendor/ is named, and nothing is asked of the registry", async () => {
  let notes = "";
  const rendering = renderOldVersion(
    { root, record: { version: "0.0.1", answers }, from: undefined },
    {
      note: (text) => {
        notes += text;
      },
      signal: new AbortController().signal,
    },
  );
  await expect(rendering).rejects.toThrow(
    "create-grpc-service 0.0.1, which wrote this project, is neither installed nor in vendor/create-grpc-service-0.0.1.tgz; install it or restore that file, or give its tarball with --from",
  );
  expect(notes).toBe("");
});

test.each([["./old.tgz"], ["/nowhere/old.tgz"]])("--from %s must exist", async (from) => {
  await mkdir(join(root, "src"));
  expect(await runCommand(["upgrade", "--from", from], { cwd: join(root, "src") })).toEqual({
    code: 2,
    output: "",
    notes: `grpc-service: --from ${from}: no such file or folder\n`,
  });
});
