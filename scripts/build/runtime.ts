import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Compiles templates/runtime to dist/runtime, from where the plugin prints it for js and dts targets. */
export async function compileRuntime(root: string): Promise<void> {
  await run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.runtime.json"], {
    cwd: root,
  });
}
