import { create } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, type FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import type { Plugin } from "@bufbuild/protoplugin";
import { UsageError } from "../../terminal/errors.ts";
import type { Descriptors } from "../protos/compiled.ts";
import { isWellKnown } from "../protos/names.ts";
import type { PluginConfig } from "./gen-config.ts";

/**
 * Runs a plugin in this process, on the same request as buf.
 *
 * @param targets names of the project's own proto files; the others are imports
 * @returns path relative to the output folder -> text
 * @throws UsageError when the plugin refuses the protos
 */
export function runPlugin(
  plugin: Plugin,
  config: PluginConfig,
  { files, sourceFiles }: Descriptors,
  targets: ReadonlySet<string>,
): Map<string, string> {
  const wanted = ({ name }: FileDescriptorProto) =>
    targets.has(name) || (config.includeImports && !isWellKnown(name));
  const request = create(CodeGeneratorRequestSchema, {
    parameter: config.parameter,
    fileToGenerate: files.filter(wanted).map((file) => file.name),
    protoFile: [...files],
    sourceFileDescriptors: sourceFiles.filter(wanted),
  });
  const response = answer(plugin, request);
  if (response.error !== "") throw new UsageError(response.error);
  return new Map(response.file.map((file) => [file.name, file.content]));
}

/** protoplugin throws its errors; our plugin returns them in the response. */
function answer(plugin: Plugin, request: Parameters<Plugin["run"]>[0]) {
  try {
    return plugin.run(request);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`${plugin.name}: ${error.message}`);
  }
}
