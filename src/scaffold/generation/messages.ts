import { protocGenEs } from "@bufbuild/protoc-gen-es/dist/cjs/src/protoc-gen-es-plugin.js";
import type { Descriptors } from "../protos/compiled.ts";
import type { PluginConfig } from "./gen-config.ts";
import { runPlugin } from "./run-plugin.ts";

/**
 * Runs protoc-gen-es. It bundles its own version of the protobuf libraries: import this module only when
 * it is needed.
 */
export function generateMessages(
  compiled: Descriptors,
  targets: ReadonlySet<string>,
  config: PluginConfig,
): Map<string, string> {
  return runPlugin(protocGenEs, config, compiled, targets);
}
