import { protocGenEs } from "@bufbuild/protoc-gen-es/dist/cjs/src/protoc-gen-es-plugin.js";
import type { Descriptors } from "../protos/compile.ts";
import type { PluginConfig } from "./gen-config.ts";
import { runPlugin } from "./run-plugin.ts";

/**
 * The files of protoc-gen-es, which comes with protobuf libraries of its own version: load this
 * module only where it is needed.
 */
export function generateMessages(
  compiled: Descriptors,
  targets: ReadonlySet<string>,
  config: PluginConfig,
): Map<string, string> {
  return runPlugin(protocGenEs, config, compiled, targets);
}
