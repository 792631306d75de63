import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { compiledStarter, compileStarter } from "../../src/scaffold/protos/starter.ts";
import { readCatalog } from "../../src/scaffold/templates/manifests.ts";
import { readTemplates, starterProtos } from "../../src/scaffold/templates/templates.ts";

/** Compiles the protos of every starter into `dist`: making one then starts no compiler. */
export async function compileStarters(root: string, dist: string): Promise<void> {
  const { starters } = readCatalog(root);
  await Promise.all(starters.map(({ name }) => compile(root, name, dist)));
}

async function compile(root: string, starter: string, dist: string): Promise<void> {
  const layers = await readTemplates(root, { starter, additions: [], packageManager: "npm" });
  const { signal } = new AbortController();
  const { sourceFiles, files } = await compileStarter(root, starter, starterProtos(layers), signal);
  const paths = compiledStarter(dist, starter);
  const [sources, plugins] = [encode(sourceFiles), encode(files)];
  await mkdir(dirname(paths.sourceFiles), { recursive: true });
  await writeFile(paths.sourceFiles, sources);
  if (Buffer.compare(sources, plugins) !== 0) await writeFile(paths.files, plugins);
}

function encode(file: readonly FileDescriptorProto[]): Uint8Array {
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...file] }));
}
