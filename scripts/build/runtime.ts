import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** As biome.json has it for runtime/src. */
const style = ["--indent-style=space", "--indent-width=2", "--line-width=100"];

/**
 * Compiles runtime/src to JavaScript and declarations, which the plugin prints for js and dts
 * targets. The comments stand in the declarations only: that is where editors look. Both are
 * formatted like their source: they read like everything else that is printed.
 */
export async function compileRuntime(root: string, target: string): Promise<void> {
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
    const formatter = join(root, "node_modules/@biomejs/biome/bin/biome");
    await run(process.execPath, [formatter, "format", "--write", ...style, "."], { cwd: folder });
    await cp(folder, target, { recursive: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
