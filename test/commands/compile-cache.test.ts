import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import module from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { temporaryFolder } from "../scaffold/support.ts";
import { bundleTools } from "./support/tools.ts";

// Since Node.js 22.8.
const canKeep = "enableCompileCache" in module;

test("an installed program keeps its compiled code beside it, where Node.js can", async () => {
  const folder = await temporaryFolder();
  const installed = join(folder, "node_modules/create-grpc-service");
  await cp(await bundleTools(), installed, { recursive: true });
  const run = () => execa(process.execPath, [join(installed, "dist/grpc-service.js"), "--version"]);
  const { stdout } = await run();
  expect(existsSync(join(folder, "node_modules/.cache/grpc-service/code"))).toBe(canKeep);
  expect(await run()).toMatchObject({ stdout, stderr: "" });
});
