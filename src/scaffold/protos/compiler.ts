import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { type BufPlace, runBuf } from "./buf.ts";
import type { Compiled, Descriptors } from "./compiled.ts";
import { compileError, type Origin } from "./diagnostics.ts";
import type { Input } from "./inputs.ts";
import { descriptorsFile } from "./names.ts";

/** Compiles .proto files, given by import path, in a temporary folder that is laid out like the project. */
export async function compileFiles(
  protoFiles: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal,
  origin: Origin,
): Promise<Compiled> {
  return inTemporaryFolder(async ({ folder, home }) => {
    await writeFile(join(folder, "buf.yaml"), "version: v2\nmodules:\n  - path: proto\n");
    for (const [path, content] of protoFiles) {
      const file = join(folder, "proto", path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    return { protoFiles, ...(await build("proto", { folder, home }, signal, origin)) };
  });
}

/** Compiles the proto/ folder of an existing project in place, with its own buf.yaml. */
export async function compileProject(
  folder: string,
  input: string,
  signal: AbortSignal,
  origin: Origin,
): Promise<Descriptors> {
  return build(input, { folder }, signal, origin);
}

/** Reads a descriptor set, and converts it to the binary format for the project. */
export async function compileDescriptors(input: Input, signal: AbortSignal): Promise<Compiled> {
  const content = await readFile(input.path);
  const format = input.path.toLowerCase().endsWith(".json") ? "json" : "binpb";
  return inTemporaryFolder(async ({ folder, home }) => {
    const original = `original.${format}`;
    await writeFile(join(folder, original), content);
    const shown = () => printable(input.shown);
    const { succeeded, output, errors } = await runBuf(
      ["build", original, "--output", "-"],
      { folder, home },
      signal,
    );
    if (!succeeded) {
      throw new UsageError(
        `${shown()} is not a descriptor set: ${errors.trim().replace(/^Failure: /, "")}`,
      );
    }
    await writeFile(join(folder, descriptorsFile), output);
    return {
      protoFiles: new Map([[descriptorsFile, output]]),
      ...(await build(descriptorsFile, { folder, home }, signal, { shown })),
    };
  });
}

async function build(
  input: string,
  place: BufPlace,
  signal: AbortSignal,
  origin: Origin,
): Promise<Descriptors> {
  const args = ["build", input, "--as-file-descriptor-set", "--error-format=json", "--output=-"];
  const run = async (...more: string[]) => {
    const { succeeded, output, errors } = await runBuf([...args, ...more], place, signal);
    if (succeeded) return fromBinary(FileDescriptorSetSchema, output).file;
    throw await compileError(errors, place.folder, origin);
  };
  const sourceFiles = await run();
  const same = !sourceFiles.some(mayHaveSourceOptions);
  return {
    sourceFiles,
    files: same ? sourceFiles : await run("--exclude-source-retention-options"),
  };
}

/**
 * Options of source retention are those of extension ranges, which proto3 does not have, features of
 * editions, and custom options in files that import descriptor.proto.
 */
function mayHaveSourceOptions({ name, syntax }: FileDescriptorProto): boolean {
  return syntax !== "proto3" || name === "google/protobuf/descriptor.proto";
}

async function inTemporaryFolder<T>(work: (place: Required<BufPlace>) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-"));
  try {
    return await work({ folder, home: join(folder, ".buf") });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
