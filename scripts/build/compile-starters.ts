import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { parseGenConfig } from "../../src/scaffold/generation/gen-config.ts";
import { generateMessages } from "../../src/scaffold/generation/messages.ts";
import { compiledStarter, compileStarter } from "../../src/scaffold/protos/starter.ts";
import { readCatalog } from "../../src/scaffold/templates/manifests.ts";
import { readTemplates, starterProtos } from "../../src/scaffold/templates/templates.ts";

/**
 * Compiles the protos of every starter into `dist`, and generates their messages: neither depends on
 * anything that a user can choose.
 */
export async function compileStarters(root: string, dist: string): Promise<void> {
  const { starters } = readCatalog(root);
  await Promise.all(starters.map(({ name }) => compile(root, name, dist)));
}

async function compile(root: string, starter: string, dist: string): Promise<void> {
  const layers = await readTemplates(root, { starter, additions: [], packageManager: "npm" });
  const { signal } = new AbortController();
  const compiled = await compileStarter(root, starter, starterProtos(layers), signal);
  const paths = compiledStarter(dist, starter);
  const [sources, plugins] = [encode(compiled.sourceFiles), encode(compiled.files)];
  await write(paths.sourceFiles, sources);
  if (Buffer.compare(sources, plugins) !== 0) await write(paths.files, plugins);
  const { es } = parseGenConfig(layers.project.get("buf.gen.yaml")?.text ?? "");
  const messages = generateMessages(compiled, new Set(compiled.protoFiles.keys()), es);
  for (const [path, text] of messages) await write(join(paths.messages, path), text);
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

function encode(file: readonly FileDescriptorProto[]): Uint8Array {
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...file] }));
}
