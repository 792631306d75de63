import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { isBundled } from "../../package-root.ts";
import type { Descriptors } from "./compile.ts";

/**
 * Compiles the protos of a starter. The published package has them compiled, and starts no compiler.
 */
export async function compileStarter(
  packageRoot: string,
  starter: string,
  protoFiles: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal,
): Promise<Descriptors> {
  if (isBundled) return readCompiled(packageRoot, starter);
  const { compileFiles } = await import("./compiler.ts");
  return compileFiles(protoFiles, signal, { shown: (path) => path });
}

/** The files of `dist` with the descriptors of a starter. */
export function compiledStarter(dist: string, starter: string) {
  const path = join(dist, "starters", starter);
  return {
    sourceFiles: `${path}.binpb`,
    /** What plugins get; only where it differs. */
    files: `${path}.plugins.binpb`,
  };
}

function readCompiled(packageRoot: string, starter: string): Descriptors {
  const paths = compiledStarter(join(packageRoot, "dist"), starter);
  const sourceFiles = readSet(paths.sourceFiles);
  const files = existsSync(paths.files) ? readSet(paths.files) : sourceFiles;
  return { sourceFiles, files };
}

function readSet(path: string): readonly FileDescriptorProto[] {
  return fromBinary(FileDescriptorSetSchema, readFileSync(path)).file;
}
