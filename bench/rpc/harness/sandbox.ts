import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../../tooling/packed/commands.ts";
import { generate } from "../../../tooling/plugins/generate.ts";
import { compile, type Image, pluginRequest } from "../../../tooling/plugins/image.ts";
import { ownCommands, runPlugin } from "../../../tooling/plugins/plugin-process.ts";
import { installPeers, sandboxFolder } from "./peers.ts";

export interface Programs {
  /** Names the folder in the sandbox. */
  readonly name: string;
  /** Folder with the programs, plain JavaScript. */
  readonly programs: string;
  /** Folder with the protos that they load or use generated code of. */
  readonly protos: string;
}

/** What programs need to be measured, and to speak gRPC by hand. */
export const commonPrograms: string = fileURLToPath(new URL("programs", import.meta.url));

const tsProtoOptions = [
  "env=node",
  "esModuleInterop=true",
  "forceLong=number",
  "importSuffix=.js",
  "outputJsonMethods=false",
  "outputPartialMethods=true",
  "outputServices=generic-definitions",
  "outputServices=grpc-js",
];

/**
 * Copies programs to where the peers are installed and puts beside them, compiled to JavaScript as in
 * a built project: `gen/own`, by this checkout's plugin and protoc-gen-es, and `gen/ts-proto`.
 *
 * @returns the folder
 */
export async function buildPrograms({ name, programs, protos }: Programs): Promise<string> {
  await installPeers();
  const folder = join(sandboxFolder, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const source of [commonPrograms, programs]) await cp(source, folder, { recursive: true });
  await cp(protos, join(folder, "proto"), { recursive: true });
  const image = await compile(protos);
  const files = image.map((file) => file.name);
  const typescript = join(folder, "typescript");
  await generate(image, files, join(typescript, "own"), ownCommands("sources").plugin);
  await generateTsProto(image, files, join(typescript, "ts-proto"));
  await compileTypeScript(typescript, join(folder, "gen"));
  return folder;
}

async function generateTsProto(
  image: Image,
  files: readonly string[],
  folder: string,
): Promise<void> {
  const plugin = [join(sandboxFolder, "node_modules", "ts-proto", "protoc-gen-ts_proto")];
  const request = pluginRequest(image, { files, parameter: tsProtoOptions.join(",") });
  const printed = await runPlugin(plugin, request);
  await mkdir(folder, { recursive: true });
  for (const { name, content } of printed.files) await writeFile(join(folder, name), content);
}

/** Takes the types out, as the build of an emitted project does; what they say is checked elsewhere. */
export async function compileTypeScript(folder: string, outDir: string): Promise<void> {
  const compilerOptions = {
    target: "es2023",
    module: "nodenext",
    types: [],
    noCheck: true,
    rewriteRelativeImportExtensions: true,
    rootDir: folder,
    outDir,
  };
  const project = join(folder, "tsconfig.json");
  await writeFile(project, JSON.stringify({ compilerOptions, include: ["."] }));
  const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
  await run(process.execPath, [join(dirname(manifest), "bin", "tsc"), "-p", project], {
    cwd: folder,
  });
}
