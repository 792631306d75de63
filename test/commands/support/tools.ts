import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "../../../scripts/build/bundle.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { temporaryFolder } from "../../scaffold/support.ts";

/** create-grpc-service as it is installed: its commands as bundles. Removed after the test file. */
export async function bundleTools(): Promise<string> {
  const folder = await temporaryFolder();
  await copyFile(join(packageRoot(), "package.json"), join(folder, "package.json"));
  await bundle(packageRoot(), join(folder, "dist"));
  return folder;
}
