import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InterruptedError, UsageError } from "../../terminal/errors.ts";
import { runProgram } from "../program.ts";

/** A tarball and its file name. */
export interface Tarball {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Packs both packages of a checkout. They must be built.
 *
 * @returns create-grpc-service, then grpc-service
 * @throws UsageError when the checkout is not built, or npm fails.
 */
export async function packCheckout(
  root: string,
  signal: AbortSignal,
): Promise<readonly [Tarball, Tarball]> {
  const library = join(root, "runtime");
  for (const file of ["dist/create-grpc-service.js", "runtime/dist/index.js"]) {
    if (existsSync(join(root, file))) continue;
    throw new UsageError(`this checkout has no ${file}; run \`npm run build\` in it`);
  }
  return [await pack(root, signal), await pack(library, signal)];
}

async function pack(folder: string, signal: AbortSignal): Promise<Tarball> {
  const target = await mkdtemp(join(tmpdir(), "create-grpc-service-"));
  try {
    // Without scripts: a build would replace the running files.
    const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", target];
    const { exitCode } = await runProgram("npm", args, { folder, signal });
    if (signal.aborted) throw new InterruptedError();
    const [name] = await readdir(target);
    if (exitCode !== 0 || name === undefined) {
      throw new UsageError(`npm pack failed in ${folder}; give --self and --runtime instead`);
    }
    return { name, bytes: await readFile(join(target, name)) };
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}
