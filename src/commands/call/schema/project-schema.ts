import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorSet, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buildRegistry } from "../../../reflection/registry.ts";
import { LoadedSchema, type Schema } from "../../../reflection/schema.ts";
import { descriptorsFile } from "../../../scaffold/protos/names.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { Host } from "../../../terminal/host.ts";
import type { Project } from "../../project/find-project.ts";
import { DescriptorCache } from "./descriptor-cache.ts";

const origin = "proto/";

/**
 * The protos of a project. They have comments, and are what the developer sees; src/gen may be older.
 *
 * @throws UsageError with `file:line:col: message` when they do not compile
 */
export async function projectSchema({ root }: Project, { signal }: Host): Promise<Schema> {
  const { file } = await descriptorSet(root, signal);
  return new LoadedSchema(origin, buildRegistry(file, origin));
}

async function descriptorSet(root: string, signal: AbortSignal): Promise<FileDescriptorSet> {
  const path = join(root, "proto", descriptorsFile);
  // A project that was made from a descriptor set.
  if (existsSync(path)) {
    const set = decode(await readFile(path));
    if (set !== undefined) return set;
    throw new UsageError(`proto/${descriptorsFile} is not a descriptor set`);
  }
  const cache = DescriptorCache.of(root);
  const kept = decode(cache?.read());
  if (kept !== undefined) return kept;
  const { compileProject } = await import("./compile-project.ts");
  const bytes = await compileProject(root, signal);
  cache?.write(bytes);
  return fromBinary(FileDescriptorSetSchema, bytes);
}

/** Undefined if the bytes are not a descriptor set. */
function decode(bytes: Uint8Array | undefined): FileDescriptorSet | undefined {
  try {
    return bytes && fromBinary(FileDescriptorSetSchema, bytes);
  } catch {
    return undefined;
  }
}
