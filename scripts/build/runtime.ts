import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Compiles templates/runtime to dist/runtime, from where the plugin prints it for js and dts
 * targets. The comments stand in the declarations only: that is where editors look.
 */
export async function compileRuntime(root: string): Promise<void> {
  const tsc = (...args: string[]) =>
    run(
      process.execPath,
      ["node_modules/typescript/bin/tsc", "-p", "tsconfig.runtime.json", ...args],
      {
        cwd: root,
      },
    );
  await Promise.all([
    tsc("--declaration", "false", "--removeComments"),
    tsc("--emitDeclarationOnly"),
  ]);
}
