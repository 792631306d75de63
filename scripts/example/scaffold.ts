import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import { scaffold } from "../scaffold.ts";

export const exampleFolder = join(packageRoot(), "examples/user-service");

/**
 * Scaffolds the example into a folder of its own below test/.tmp.
 *
 * @returns path of the project; whoever asks for it removes its parent folder.
 */
export async function scaffoldExample(): Promise<string> {
  const scratch = join(packageRoot(), "test/.tmp");
  await mkdir(scratch, { recursive: true });
  const cwd = await mkdtemp(join(scratch, "example-"));
  await scaffold(cwd, {
    directory: "user-service",
    starter: "user",
    self: "file:../..",
    runtime: "file:../../runtime",
  });
  return join(cwd, "user-service");
}
