import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescMessage } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { protocGenEs } from "@bufbuild/protoc-gen-es/dist/cjs/src/protoc-gen-es-plugin.js";
import type { CompiledMessage } from "../../../runtime/src/codec/compiled-codec.ts";
import { filesOf, requestFor, root, run } from "../../plugin/support.ts";

/** The generated functions of a message. */
export interface GeneratedCodec extends CompiledMessage<DescMessage> {
  readonly schema: DescMessage;
}

/** Generates the codecs of these protos and loads them. */
export async function generatedCodecs(
  name: string,
  protoFile: FileDescriptorProto[],
): Promise<GeneratedCodec[]> {
  const folder = join(root, "test/.tmp/codecs", name);
  await rm(folder, { recursive: true, force: true });
  const request = () => requestFor(protoFile, "target=ts,import_extension=ts");
  const ours = filesOf(run(request()));
  // protoc-gen-es has its own copy of the protobuf libraries, whose types are the same.
  const messages = protocGenEs.run(request() as Parameters<typeof protocGenEs.run>[0]);
  const files = [...ours, ...messages.file.map(({ name, content }) => [name, content] as const)];
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const paths = [...ours.keys()].filter((path) => path.endsWith("_codec.ts"));
  return (await Promise.all(paths.map((path) => load(folder, path)))).flat();
}

type Module = Readonly<Record<string, unknown>>;

/** All messages whose functions a codec module exports. */
async function load(folder: string, path: string): Promise<GeneratedCodec[]> {
  const codecs: Module = await import(join(folder, path));
  const messages: Module = await import(join(folder, path.replace(/_codec\.ts$/, "_pb.ts")));
  return Object.keys(codecs)
    .filter((name) => /^bound[A-Z_]/.test(name))
    .map((name) => name.slice("bound".length))
    .map((name) => ({
      schema: messages[`${name}Schema`] as DescMessage,
      bound: codecs[`bound${name}`] as GeneratedCodec["bound"],
      write: codecs[`write${name}`] as GeneratedCodec["write"],
      read: codecs[`read${name}`] as GeneratedCodec["read"],
    }))
    .filter(({ schema }) => schema !== undefined);
}
