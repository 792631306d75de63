import { property } from "../../json.ts";
import { UsageError } from "../../terminal/errors.ts";
import { parseYaml } from "../yaml.ts";

/** The parts of a project's buf.gen.yaml that code generation uses. */
export interface GenConfig {
  /** Input of the compiler, relative to the project: its proto folder or a descriptor set. */
  readonly input: string;
  readonly es: PluginConfig;
  readonly grpc: PluginConfig;
}

export interface PluginConfig {
  /** The plugin's options, joined by commas as buf passes them. */
  readonly parameter: string;
  readonly includeImports: boolean;
}

/** The folder of generated code. */
export const genFolder = "src/gen";

/**
 * Reads buf.gen.yaml, so that this program and `buf generate` generate the same code.
 *
 * @throws UsageError when the file has an unsupported input, or lacks one of the plugins.
 */
export function parseGenConfig(text: string): GenConfig {
  const config = parseYaml(text, "buf.gen.yaml");
  return {
    input: parseInput(config),
    es: plugin(config, "protoc-gen-es"),
    grpc: plugin(config, "protoc-gen-grpc-service"),
  };
}

function parseInput(config: unknown): string {
  const inputs = property(config, "inputs");
  const only = Array.isArray(inputs) && inputs.length === 1 ? inputs[0] : undefined;
  const input = property(only, "directory") ?? property(only, "binary_image");
  if (typeof input === "string" && /^proto(?:\/[\w.-]+)?$/.test(input)) return input;
  throw new UsageError('buf.gen.yaml: expected one input, "directory: proto"');
}

function plugin(config: unknown, name: string): PluginConfig {
  const plugins = property(config, "plugins");
  const entry: unknown = Array.isArray(plugins)
    ? plugins.find((item: unknown) => String(property(item, "local")).endsWith(name))
    : undefined;
  if (entry === undefined) throw new UsageError(`buf.gen.yaml: no plugin "local: ${name}"`);
  if (property(entry, "out") !== genFolder) {
    throw new UsageError(`buf.gen.yaml: ${name} must have "out: ${genFolder}"`);
  }
  return {
    parameter: parameterOf(property(entry, "opt")),
    includeImports: property(entry, "include_imports") === "true",
  };
}

/** `opt` is a string or a list of strings. */
function parameterOf(opt: unknown): string {
  if (Array.isArray(opt)) return opt.map(String).join(",");
  return typeof opt === "string" ? opt : "";
}
