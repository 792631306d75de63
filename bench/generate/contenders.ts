import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { bundleCommands } from "../../tooling/plugins/plugin-process.ts";
import { bundleEmptyPlugin } from "./bundle-empty.ts";
import { contender } from "./measure.ts";
import { installPeers } from "./peers.ts";

export interface Contender {
  readonly name: ContenderName;
  /** Arguments for node. */
  readonly command: readonly string[];
  /** The plugin's parameter for TypeScript with services of grpc-js. */
  readonly parameter: string;
}

export type ContenderName =
  | "raw node script"
  | "empty plugin"
  | "empty plugin, bundled"
  | "protoc-gen-es"
  | "ts-proto"
  | "protobuf-ts"
  | "ours";

export async function contenders(): Promise<Contender[]> {
  const peer = await installPeers();
  const manifest = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/package.json");
  const target = "target=ts,import_extension=ts";
  return [
    { name: "raw node script", command: [contender("raw.mjs")], parameter: "" },
    { name: "empty plugin", command: [contender("empty.mjs")], parameter: target },
    { name: "empty plugin, bundled", command: [await bundleEmptyPlugin()], parameter: target },
    {
      name: "protoc-gen-es",
      command: [join(dirname(manifest), "bin", "protoc-gen-es")],
      parameter: `${target},erasable_syntax=true`,
    },
    {
      name: "ts-proto",
      command: [join(peer("ts-proto"), "protoc-gen-ts_proto")],
      parameter: "outputServices=grpc-js,esModuleInterop=true",
    },
    {
      name: "protobuf-ts",
      command: [join(peer("@protobuf-ts/plugin"), "bin", "protoc-gen-ts")],
      parameter: "client_grpc1,server_grpc1",
    },
    { name: "ours", command: bundleCommands().plugin, parameter: target },
  ];
}
