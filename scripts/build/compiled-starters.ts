import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Plugin } from "rolldown";
import { compileStarter } from "../../src/scaffold/protos/starter.ts";
import {
  readTemplates,
  starterNames,
  starterProtos,
} from "../../src/scaffold/templates/templates.ts";

/** Puts the compiled protos of all starters in the place of src/scaffold/protos/starter.ts. */
export function compiledStarters(root: string): Plugin {
  const module = join(root, "src/scaffold/protos/starter.ts");
  return {
    name: "compiled-starters",
    load: async (id) => (id === module ? startersModule(root) : undefined),
  };
}

async function startersModule(root: string): Promise<{ code: string; moduleType: "js" }> {
  const starters = await Promise.all(
    starterNames(root).map(
      async (name): Promise<[string, string[]]> => [name, await compiledSets(root, name)],
    ),
  );
  const code = `import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
const starters = new Map(${JSON.stringify(starters)});
const read = (set) => fromBinary(FileDescriptorSetSchema, Buffer.from(set, "base64")).file;
export async function compileStarter(starter) {
  const [sourceFiles, files = sourceFiles] = starters.get(starter).map(read);
  return { sourceFiles, files };
}
`;
  return { code, moduleType: "js" };
}

/** As base64; what plugins get is a second set only where it differs. */
async function compiledSets(root: string, starter: string): Promise<string[]> {
  const protoFiles = starterProtos(
    readTemplates(root, { starter, additions: [], packageManager: "npm" }),
  );
  const { signal } = new AbortController();
  const { sourceFiles, files } = await compileStarter(starter, protoFiles, signal);
  return [...new Set([sourceFiles, files])].map(encode);
}

function encode(file: readonly FileDescriptorProto[]): string {
  const set = create(FileDescriptorSetSchema, { file: [...file] });
  return Buffer.from(toBinary(FileDescriptorSetSchema, set)).toString("base64");
}
