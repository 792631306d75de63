import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fromBinary, fromJsonString } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { buildRegistry } from "../../../reflection/registry.ts";
import { LoadedSchema, type Schema } from "../../../reflection/schema.ts";
import { compileInputs } from "../../../scaffold/protos/compile.ts";
import { describeSystemError, UsageError } from "../../../terminal/errors.ts";
import type { Host } from "../../../terminal/host.ts";
import { printable } from "../../../terminal/printable.ts";
import { withoutBom } from "../../../terminal/without-bom.ts";
import { reason } from "../../project/reason.ts";

const maxBytes = 256 * 1024 * 1024;

/**
 * The schema of the values of `--proto`: .proto files, folders of them, and descriptor sets.
 *
 * @throws UsageError in one line that names the file
 */
export async function givenSchema(
  paths: readonly string[],
  importPaths: readonly string[],
  { cwd, signal }: Host,
): Promise<Schema> {
  const sets: FileDescriptorProto[] = [];
  const proto: string[] = [];
  for (const path of paths) {
    if (await isDescriptorSet(path, cwd)) sets.push(...(await readDescriptorSet(path, cwd)));
    else proto.push(path);
  }
  const { sourceFiles } =
    proto.length === 0
      ? { sourceFiles: [] }
      : await compileInputs({ proto, importPaths, cwd, signal, needs: "comments" });
  const origin = `--proto ${paths.map(printable).join(", ")}`;
  return new LoadedSchema(origin, buildRegistry([...sourceFiles, ...sets], origin));
}

/** Anything but a folder and a .proto file, whatever its name: tools have no common one. */
async function isDescriptorSet(path: string, cwd: string): Promise<boolean> {
  if (path.endsWith(".proto")) return false;
  const entry = await stat(resolve(cwd, path)).catch(() => undefined);
  if (entry === undefined || !entry.isFile()) return false;
  if (entry.size <= maxBytes) return true;
  throw new UsageError(`--proto ${printable(path)} is larger than ${maxBytes / 1024 ** 2} MiB`);
}

async function readDescriptorSet(path: string, cwd: string): Promise<FileDescriptorProto[]> {
  const content = await readFile(resolve(cwd, path)).catch((error: unknown) => {
    const problem = describeSystemError(error) ?? "cannot be read";
    throw new UsageError(`--proto ${printable(path)}: ${problem}`);
  });
  try {
    const { file } = path.endsWith(".json")
      ? fromJsonString(FileDescriptorSetSchema, withoutBom(content.toString("utf8")))
      : fromBinary(FileDescriptorSetSchema, content);
    if (file.length > 0) return file;
  } catch (error) {
    throw notASet(path, reason(error));
  }
  throw notASet(path, "it has no file");
}

function notASet(path: string, reason: string): UsageError {
  return new UsageError(
    `--proto ${printable(path)} is not a .proto file, a folder or a descriptor set: ${reason}`,
  );
}
