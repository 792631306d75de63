import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { runBuf } from "../../src/scaffold/protos/buf.ts";
import { cacheFolder } from "../corpus/cache.ts";

/** Files as the compiler orders them: imports before importers. */
export type Image = readonly FileDescriptorProto[];

/** Compiles every proto below a folder with buf, offline. @throws Error with buf's messages */
export async function compile(folder: string): Promise<Image> {
  const args = ["build", folder, "--as-file-descriptor-set", "--output", "-"];
  const { signal } = new AbortController();
  const run = { folder, home: join(cacheFolder, "buf"), signal };
  const { succeeded, output, errors } = await runBuf(args, run);
  if (!succeeded) throw new Error(errors);
  return fromBinary(FileDescriptorSetSchema, output).file;
}

export interface RequestOptions {
  /** Import paths of the files to generate code for. */
  readonly files: readonly string[];
  readonly parameter: string;
}

/** What a compiler writes to the standard input of a plugin. */
export function pluginRequest(image: Image, options: RequestOptions): Uint8Array {
  const { files, parameter } = options;
  const init = { fileToGenerate: [...files], parameter, protoFile: [...withImports(image, files)] };
  return toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, init));
}

/** The named files of an image and everything that they import, in the image's order. */
export function withImports(image: Image, names: readonly string[]): Image {
  const wanted = new Set(names);
  // Importers come after their imports, so one pass from the end finds all.
  for (const file of image.toReversed()) {
    if (wanted.has(file.name)) for (const path of file.dependency) wanted.add(path);
  }
  return image.filter(({ name }) => wanted.has(name));
}
