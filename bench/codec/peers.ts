import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { run } from "../../tooling/packed/commands.ts";
import { type Image, pluginRequest } from "../../tooling/plugins/image.ts";
import { runPlugin } from "../../tooling/plugins/plugin-process.ts";
import { printGoogleProtobuf } from "./google-protobuf.ts";

/** What is measured beside ours; pinned, so that figures can be compared. */
export const peerPackages = {
  "@bufbuild/protobuf": "2.17.0",
  "@protobuf-ts/plugin": "2.11.1",
  "@protobuf-ts/runtime": "2.11.1",
  "@protobuf-ts/runtime-rpc": "2.11.1",
  "google-protobuf": "4.0.3",
  pbf: "5.1.2",
  protobufjs: "8.8.1",
  "protobufjs-cli": "2.7.1",
  "ts-proto": "2.18.0",
};

/** Plugins of protoc, with the options that make their codecs fastest and keep 64 bits and nanoseconds. */
const plugins = {
  "ts-proto": {
    path: "ts-proto/protoc-gen-ts_proto",
    parameter:
      "env=node,esModuleInterop=true,forceLong=bigint,useDate=false,oneof=unions-value,outputJsonMethods=false,outputPartialMethods=false,outputServices=none,importSuffix=.js",
  },
  "protobuf-ts": {
    path: "@protobuf-ts/plugin/bin/protoc-gen-ts",
    parameter: "long_type_bigint,optimize_speed,generate_dependencies,client_none,server_none",
  },
};

export interface PeerSources {
  /** Where the peers are installed. */
  readonly sandbox: string;
  /** The proto file, below a folder that imports are relative to. */
  readonly proto: string;
  readonly image: Image;
  /** Folder for TypeScript, which is compiled to `compiled`. */
  readonly typescript: string;
  /** Folder for JavaScript. */
  readonly compiled: string;
}

/** Prints the code of all peers but protobuf-es. */
export async function generatePeers(sources: PeerSources): Promise<void> {
  const { sandbox, image, typescript } = sources;
  const modules = join(sandbox, "node_modules");
  const files = image.map(({ name }) => name).filter((name) => !name.startsWith("google/"));
  for (const [name, { path, parameter }] of Object.entries(plugins)) {
    const request = pluginRequest(image, { files, parameter });
    const printed = await runPlugin([join(modules, path)], request);
    for (const file of printed.files) {
      await put(join(typescript, name, file.name), withExtensions(file.content));
    }
  }
  await generateProtobufjs(sources, modules);
  await generatePbf(sources, modules);
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...image] }));
  const printed = printGoogleProtobuf([...registry.files].flatMap(({ messages }) => messages));
  await put(join(sources.compiled, "google-protobuf", "fixtures_pb.cjs"), printed);
}

/** protobuf-ts imports without them, which Node does not. */
function withExtensions(code: string): string {
  return code.replaceAll(/ from "(\.[^"]+?)(?:\.js)?";/g, ' from "$1.js";');
}

async function generateProtobufjs({ proto, compiled }: PeerSources, modules: string) {
  const out = join(compiled, "protobufjs", "fixtures.cjs");
  await mkdir(dirname(out), { recursive: true });
  const options = [
    "--no-verify",
    "--no-convert",
    "--no-delimited",
    "--no-typeurl",
    "--no-comments",
  ];
  const args = ["-t", "static-module", "-w", "commonjs", ...options, "-o", out, proto];
  await run(process.execPath, [join(modules, "protobufjs-cli", "bin", "pbjs"), ...args], {
    cwd: dirname(proto),
  });
}

/** pbf finds no types of other packages: it gets a timestamp of its own. */
async function generatePbf({ proto, compiled }: PeerSources, modules: string): Promise<void> {
  const timestamp = "message Timestamp { int64 seconds = 1; int32 nanos = 2; }";
  const text = (await readFile(proto, "utf8"))
    .replace(/^import .*$/m, timestamp)
    .replaceAll("google.protobuf.Timestamp", "Timestamp");
  const folder = join(compiled, "pbf");
  const source = join(folder, "fixtures.proto");
  await put(source, text);
  const { stdout } = await run(process.execPath, [join(modules, "pbf", "bin", "pbf"), source], {
    cwd: folder,
  });
  await put(join(folder, "fixtures.js"), stdout);
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
