import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { UsageError } from "../errors.ts";
import { printable } from "../printable.ts";
import { type BufPlace, runBuf } from "./buf.ts";
import type { Compiled, Descriptors } from "./compile.ts";
import { compileError, type Origin } from "./diagnostics.ts";
import type { Input } from "./inputs.ts";
import { descriptorsFile } from "./names.ts";

/** Compiles .proto files given by their import paths, in a folder that looks like the project. */
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

/** Compiles the proto/ folder of an existing project where it stands, by its own buf.yaml. */
export async function compileProject(
  folder: string,
  input: string,
  signal: AbortSignal,
  origin: Origin,
): Promise<Descriptors> {
  return build(input, { folder }, signal, origin);
}

/** Takes a descriptor set as it is; the project keeps it in the compiler's binary form. */
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
 * Options of source retention are declared in descriptor.proto, and in files that import it: for
 * extension ranges, which proto3 has not, for features of editions, and for options of one's own.
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
