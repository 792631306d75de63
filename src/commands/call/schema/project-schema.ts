import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { runBuf } from "../../../scaffold/protos/buf.ts";
import { compileError } from "../../../scaffold/protos/diagnostics.ts";
import { descriptorsFile } from "../../../scaffold/protos/names.ts";
import type { Host } from "../../../terminal/host.ts";
import type { Project } from "../../project/find-project.ts";
import { buildRegistry } from "./registry.ts";
import { LoadedSchema, type Schema } from "./schema.ts";

const origin = "proto/";

/**
 * Compiles the protos of a project. They have comments, and are what the developer sees; src/gen may be
 * older.
 *
 * @throws UsageError with `file:line:col: message` when they do not compile
 */
export async function projectSchema({ root }: Project, { signal }: Host): Promise<Schema> {
  const bytes = await descriptorSet(root, signal);
  const { file } = fromBinary(FileDescriptorSetSchema, bytes);
  return new LoadedSchema(origin, buildRegistry(file, origin));
}

async function descriptorSet(root: string, signal: AbortSignal): Promise<Uint8Array> {
  const compiled = join(root, "proto", descriptorsFile);
  // A project that was made from a descriptor set.
  if (existsSync(compiled)) return readFile(compiled);
  const args = ["build", "proto", "--as-file-descriptor-set", "--error-format=json", "--output=-"];
  const { succeeded, output, errors } = await runBuf(args, { folder: root }, signal);
  if (succeeded) return output;
  throw await compileError(errors, root, { shown: (path) => join("proto", path) });
}
