import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generatedFolders, generateProtos } from "../scripts/protos/generate.ts";
import { packageRoot } from "../src/package-root.ts";
import { readTree } from "./support/emitted-files.ts";

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "protos-"));
  await generateProtos(scratch);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test.each(generatedFolders)("%s is what the generators print", async (folder) => {
  const checkedIn = readTree(join(packageRoot(), folder));
  const printed = readTree(join(scratch, folder));
  const hint = `${folder} differs from what the generators print: run \`npm run protos\``;
  expect(Object.fromEntries(checkedIn), hint).toEqual(Object.fromEntries(printed));
});
