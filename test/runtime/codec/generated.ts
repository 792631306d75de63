import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescMessage } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { protocGenEs } from "@bufbuild/protoc-gen-es/dist/cjs/src/protoc-gen-es-plugin.js";
import type { Reader } from "../../../runtime/src/codec/reader.ts";
import { filesOf, requestFor, root, run } from "../../plugin/support.ts";

/** The generated functions of a message. */
export interface GeneratedCodec {
  readonly schema: DescMessage;
  readonly write: (message: object, bytes: Buffer, start: number) => number;
  readonly read: (reader: Reader, end: number) => object;
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
  const codecs = [...ours].filter(([path]) => path.endsWith("_codec.ts"));
  const opened = codecs.map(([path, text]) => [path, `${text}\n${exportOf(text)}`] as const);
  const files = [
    ...ours,
    ...opened,
    ...messages.file.map(({ name, content }) => [name, content] as const),
  ];
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const modules: { generated: GeneratedCodec[] }[] = await Promise.all(
    codecs.map(([path]) => import(join(folder, path))),
  );
  return modules.flatMap(({ generated }) => generated);
}

/** An export of all functions, with the descriptors that they read with. */
function exportOf(code: string): string {
  const names = [...code.matchAll(/^type (\S+)Init = MessageInitShape<typeof (\S+)>;/gm)];
  const items = names.map(([, name, schema]) => {
    return `{ schema: ${schema}, write: write${name}, read: read${name} }`;
  });
  return `export const generated = [${items.join(", ")}];`;
}
