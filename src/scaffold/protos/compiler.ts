import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";
import { type BufRun, type Patience, runBuf } from "./buf.ts";
import type { Compiled, Descriptors, Needs } from "./compiled.ts";
import { readDescriptorSet } from "./descriptor-set.ts";
import { compileError, type Origin } from "./diagnostics.ts";
import type { Input } from "./inputs.ts";
import { descriptorsFile } from "./names.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

/** What happens while the compiler takes long. By default, it may take 2 minutes. */
export interface Waiting {
  /** Prints progress. */
  readonly note?: ((text: string) => void) | undefined;
  readonly patience?: Patience | undefined;
  readonly needs?: Needs | undefined;
}

/** Compiles .proto files, given by import path, in a temporary folder that is laid out like the project. */
export async function compileFiles(
  protoFiles: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal,
  origin: Origin,
  { needs, ...waiting }: Waiting = {},
): Promise<Compiled> {
  return inTemporaryFolder(async (folder) => {
    const home = join(folder, ".buf");
    await writeFile(join(folder, "buf.yaml"), "version: v2\nmodules:\n  - path: proto\n");
    for (const [path, content] of protoFiles) {
      const file = join(folder, "proto", path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    const run = { folder, home, signal, ...waiting };
    return { protoFiles, ...(await build("proto", run, origin, needs)) };
  });
}

/** Compiles the proto/ folder of an existing project in place, with its own buf.yaml. */
export async function compileProject(
  folder: string,
  input: string,
  signal: AbortSignal,
  origin: Origin,
  { needs, ...waiting }: Waiting = {},
): Promise<Descriptors> {
  return build(input, { folder, signal, ...waiting }, origin, needs);
}

/** Reads a descriptor set, and converts it to the binary format for the project. */
export async function compileDescriptors(input: Input, signal: AbortSignal): Promise<Compiled> {
  const format = input.path.toLowerCase().endsWith(".json") ? "json" : "binpb";
  return compileDescriptorSet(await readFile(input.path), format, printable(input.shown), signal);
}

/** The same for bytes. @param source where they come from, for messages */
export async function compileDescriptorSet(
  content: Uint8Array,
  format: "binpb" | "json",
  source: string,
  signal: AbortSignal,
): Promise<Compiled> {
  return inTemporaryFolder(async (folder) => {
    const home = join(folder, ".buf");
    const original = `original.${format}`;
    await writeFile(join(folder, original), content);
    const shown = () => source;
    const { succeeded, output, errors } = await runBuf(["build", original, "--output", "-"], {
      folder,
      home,
      signal,
    });
    if (!succeeded) {
      throw new UsageError(
        `${source} is not a descriptor set: ${errors.trim().replace(/^Failure: /, "")}`,
      );
    }
    await writeFile(join(folder, descriptorsFile), output);
    return {
      protoFiles: new Map([[descriptorsFile, output]]),
      ...(await build(descriptorsFile, { folder, home, signal }, { shown })),
    };
  });
}

async function build(
  input: string,
  buf: BufRun,
  origin: Origin,
  needs: Needs = "code",
): Promise<Descriptors> {
  const args = ["build", input, "--as-file-descriptor-set", "--error-format=json", "--output=-"];
  if (needs === "types") args.push("--exclude-source-info");
  const run = async (...more: string[]) => {
    const { succeeded, output, errors } = await runBuf([...args, ...more], buf);
    if (succeeded) return readDescriptorSet(output, origin.shown);
    throw await compileError(errors, buf.folder, origin);
  };
  const sourceFiles = await run();
  const same = needs !== "code" || !sourceFiles.some(mayHaveSourceOptions);
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
