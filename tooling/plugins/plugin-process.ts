import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorResponse_File,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { execa } from "execa";
import { packageRoot } from "../../src/package-root.ts";

/** Arguments for node that run a command. */
export type NodeCommand = readonly string[];

export interface PluginRun {
  readonly files: readonly CodeGeneratorResponse_File[];
  readonly seconds: number;
}

/** Runs a plugin as a compiler does: a process of its own, request in, response out. */
export async function runPlugin(command: NodeCommand, request: Uint8Array): Promise<PluginRun> {
  const start = performance.now();
  const { stdout } = await execa(process.execPath, command, {
    input: request,
    encoding: "buffer",
    maxBuffer: 1024 ** 3,
    stripFinalNewline: false,
    timeout: 900_000,
  });
  const seconds = (performance.now() - start) / 1000;
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== "") throw new Error(`the plugin refuses: ${response.error}`);
  return { files: response.file, seconds };
}

/** How to run what this repository makes. */
export interface OwnCommands {
  readonly plugin: NodeCommand;
  readonly scaffolder: NodeCommand;
  /** The program `grpc-service`. */
  readonly tools: NodeCommand;
}

/** The bundles in dist/ where they are built and wanted, else the sources. */
export function ownCommands(wanted: "bundles" | "sources"): OwnCommands {
  const bundles = bundleCommands();
  if (wanted === "bundles" && existsSync(bundles.plugin[0])) return bundles;
  const tsx = ["--import", import.meta.resolve("tsx")];
  return {
    plugin: [...tsx, join(packageRoot(), "src", "plugin", "bin.ts")],
    scaffolder: [...tsx, join(packageRoot(), "src", "scaffold", "cli", "bin.ts")],
    tools: [...tsx, join(packageRoot(), "src", "commands", "bin.ts")],
  };
}

/** The bundles in dist/, which `npm run build` makes. */
export function bundleCommands() {
  const dist = join(packageRoot(), "dist");
  return {
    plugin: [join(dist, "protoc-gen-grpc-service.js")],
    scaffolder: [join(dist, "create-grpc-service.js")],
    tools: [join(dist, "grpc-service.js")],
  } as const;
}

/** protoc-gen-es with its protoplugin patched; it prints the same, in linear time. */
export function messagesCommand(): NodeCommand {
  const manifest = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/package.json");
  const preloads = [import.meta.resolve("tsx"), import.meta.resolve("./linear-protoc-gen-es.ts")];
  const imports = preloads.flatMap((url) => ["--import", url]);
  return [...imports, join(dirname(manifest), "bin", "protoc-gen-es")];
}
