import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Files, readTree } from "../../src/files.ts";

const run = promisify(execFile);

/**
 * Compiles templates/runtime to JavaScript and declarations, which the plugin prints for js and dts
 * targets. The comments stand in the declarations only: that is where editors look.
 */
export async function compileRuntime(root: string): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-runtime-"));
  try {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const compile = (...args: string[]) => {
      const project = ["-p", join(root, "tsconfig.runtime.json"), "--outDir", folder];
      return run(process.execPath, [compiler, ...project, ...args]);
    };
    await Promise.all([
      compile("--declaration", "false", "--removeComments"),
      compile("--emitDeclarationOnly"),
    ]);
    return readTree(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
