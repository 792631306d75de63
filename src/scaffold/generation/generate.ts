import { create, createFileRegistry, type DescFile } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { protocGenEs } from "@bufbuild/protoc-gen-es/dist/cjs/src/protoc-gen-es-plugin.js";
import type { Plugin } from "@bufbuild/protoplugin";
import { type ServiceModel, serviceModels } from "../../plugin/model.ts";
import { createPlugin } from "../../plugin/plugin.ts";
import type { RuntimeFiles } from "../../plugin/runtime-files.ts";
import { describeRequests, type Requests } from "../emit/request.ts";
import { UsageError } from "../errors.ts";
import type { Descriptors } from "../protos/compile.ts";
import { isWellKnown } from "../protos/names.ts";
import type { GenConfig, PluginConfig } from "./gen-config.ts";

/** What the generators make of compiled protos. */
export interface Generated {
  /** Path relative to src/gen -> text. */
  readonly files: ReadonlyMap<string, string>;
  readonly services: readonly ServiceModel[];
  /** Services of the protos that are left out, because every project serves them by itself. */
  readonly builtIn: readonly string[];
  readonly requests: Requests;
}

/** What templates/project registers beside the user's services. */
const servedByProject = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

/**
 * Runs the generators of buf.gen.yaml in this process, on the requests that buf would make:
 * `buf generate` afterwards changes nothing.
 *
 * @param targets names of the project's own proto files; the others are imports
 * @throws UsageError when a generator refuses the protos, or they have no service.
 */
export function generate(
  compiled: Descriptors,
  targets: ReadonlySet<string>,
  config: Pick<GenConfig, "es" | "grpc">,
  runtime: RuntimeFiles,
): Generated {
  // Ours first: it checks what the other one does not.
  const grpc = runPlugin(createPlugin(runtime), config.grpc, compiled, targets);
  const es = runPlugin(protocGenEs, config.es, compiled, targets);
  const described = describe(compiled, targets);
  // A service without RPCs needs no code, and grpc-js refuses to serve one.
  const models = serviceModels(described).filter(({ methods }) => methods.length > 0);
  const services = models.filter(({ typeName }) => !servedByProject.has(typeName));
  const builtIn = models
    .map(({ typeName }) => typeName)
    .filter((name) => servedByProject.has(name));
  if (services.length === 0) throw new UsageError(noServiceText(targets, builtIn));
  const inputs = described.flatMap((file) =>
    file.services.flatMap(({ methods }) => methods.map(({ input }) => input)),
  );
  return {
    files: new Map([...es, ...grpc]),
    services,
    builtIn,
    requests: describeRequests(inputs),
  };
}

function noServiceText(targets: ReadonlySet<string>, builtIn: readonly string[]): string {
  if (builtIn.length > 0) {
    return `no service but ${builtIn.join(" and ")}, which every project has built in; name the file that has yours`;
  }
  const names = [...targets].slice(0, 3).join(", ");
  const more = targets.size > 3 ? ", ..." : "";
  return `no service with an RPC in ${names}${more}; name the file that has one`;
}

function describe({ sourceFiles }: Descriptors, targets: ReadonlySet<string>): DescFile[] {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...sourceFiles] }));
  return [...registry.files].filter(({ proto }) => targets.has(proto.name));
}

function runPlugin(
  plugin: Plugin,
  config: PluginConfig,
  { files, sourceFiles }: Descriptors,
  targets: ReadonlySet<string>,
): [path: string, content: string][] {
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
  return response.file.map((file) => [file.name, file.content]);
}

/** protoplugin throws for what it refuses itself; our own plugin answers with an error. */
function answer(plugin: Plugin, request: Parameters<Plugin["run"]>[0]) {
  try {
    return plugin.run(request);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`${plugin.name}: ${error.message}`);
  }
}
