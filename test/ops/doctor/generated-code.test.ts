import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkGeneratedCode } from "../../scripts/doctor/generated-code.ts";
import { temporaryFolders } from "../temporary-folders.ts";
import { copyProject } from "./project-copy.ts";

const temporaryFolder = temporaryFolders();

const generate = "npm run generate";

test("src/gen must be what the generators give, no more and no less", async () => {
  const root = copyProject(temporaryFolder());
  expect(await checkGeneratedCode(root, generate)).toMatchObject({ status: "ok" });

  const changed = join(root, "src/gen/runtime/index.ts");
  appendFileSync(changed, "// mine\n");
  expect(await checkGeneratedCode(root, generate)).toEqual({
    status: "failure",
    message: "src/gen/runtime/index.ts: not what the protos give",
    remedy: generate,
  });

  rmSync(changed);
  writeFileSync(join(root, "src/gen/orphan.ts"), "");
  expect(await checkGeneratedCode(root, generate)).toMatchObject({
    message: "src/gen/orphan.ts and 1 more: not what the protos give",
  });
  expect(existsSync(changed)).toBe(false); // it looks, and changes nothing

  rmSync(join(root, "src/gen"), { recursive: true });
  expect(await checkGeneratedCode(root, generate)).toMatchObject({ status: "failure" });
});

test("says what keeps the generators from running", async () => {
  const root = copyProject(temporaryFolder());
  writeFileSync(join(root, "buf.gen.yaml"), "version: v9\n");
  expect(await checkGeneratedCode(root, generate)).toMatchObject({
    status: "failure",
    message: expect.stringMatching(/^cannot generate: .*version/),
  });
});
