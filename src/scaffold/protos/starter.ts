import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { readTree } from "../../files.ts";
import { isBundled } from "../../package-root.ts";
import type { Compiled } from "./compiled.ts";

/**
 * Compiles the protos of a starter. The published package reads the results of the build instead, without
 * the compiler and protoc-gen-es.
 */
export async function compileStarter(
  packageRoot: string,
  starter: string,
  protoFiles: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal,
): Promise<Compiled> {
  if (isBundled) return { protoFiles, ...readCompiled(packageRoot, starter) };
  const { compileFiles } = await import("./compiler.ts");
  return compileFiles(protoFiles, signal, { shown: (path) => path });
}

/** Paths of a compiled starter in `dist`. */
export function compiledStarter(dist: string, starter: string) {
  const folder = join(dist, "starters", starter);
  return {
    sourceFiles: join(folder, "sources.binpb"),
    /** Descriptors for plugins; exists only if they differ. */
    files: join(folder, "plugins.binpb"),
    /** Folder with the output of protoc-gen-es. */
    messages: join(folder, "messages"),
  };
}

function readCompiled(packageRoot: string, starter: string): Omit<Compiled, "protoFiles"> {
  const paths = compiledStarter(join(packageRoot, "dist"), starter);
  const sourceFiles = readSet(paths.sourceFiles);
  const files = existsSync(paths.files) ? readSet(paths.files) : sourceFiles;
  return { sourceFiles, files, messages: readTree(paths.messages) };
}

function readSet(path: string): readonly FileDescriptorProto[] {
  return fromBinary(FileDescriptorSetSchema, readFileSync(path)).file;
}
