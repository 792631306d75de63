import type { Descriptors } from "./compile.ts";
import { compileFiles } from "./compiler.ts";

/**
 * Compiles the protos of a starter. They are known when this package is built: the bundle gets
 * another module in this place, which has them compiled and starts no compiler. See
 * scripts/build/compiled-starters.ts.
 */
export async function compileStarter(
  _starter: string,
  protoFiles: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal,
): Promise<Descriptors> {
  return compileFiles(protoFiles, signal, { shown: (path) => path });
}
