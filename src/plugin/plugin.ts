import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import {
  createEcmaScriptPlugin,
  type Plugin,
  type Schema,
  type Target,
} from "@bufbuild/protoplugin";
import { packageVersion } from "../package-root.ts";
import { withSafeComments } from "./comments.ts";
import { emitRuntime } from "./emit/runtime.ts";
import { emitServiceFile } from "./emit/service-file.ts";
import { createSource, extensions } from "./emit/source.ts";
import { InputError } from "./input-error.ts";
import { layout } from "./layout.ts";
import { serviceModels } from "./model.ts";
import { outputPath } from "./names.ts";
import { checkParameter, type Parameters, parseOptions } from "./parameters.ts";
import type { RuntimeFiles } from "./runtime-files.ts";
import { checkOutputs, checkRequest } from "./validate.ts";

const name = "protoc-gen-grpc-service";

/**
 * The plugin: for each file with services `*_grpc`, and once `runtime/`. It reads nothing from
 * disk. What is wrong with a request is told in the response, as the protocol wants it; what it
 * throws is a bug.
 */
export function createPlugin(runtime: RuntimeFiles, version = `v${packageVersion()}`): Plugin {
  return {
    name,
    version,
    run(request) {
      try {
        checkParameter(request.parameter);
        checkRequest(request);
        return generate(runtime, version, withSafeRequest(request));
      } catch (error) {
        if (error instanceof InputError) {
          return create(CodeGeneratorResponseSchema, { error: error.message });
        }
        throw error;
      }
    },
  };
}

/** Comments are made safe at the door, so that nothing behind it has to think of them. */
function withSafeRequest(request: CodeGeneratorRequest): CodeGeneratorRequest {
  const wanted = new Set(request.fileToGenerate);
  const safe: typeof withSafeComments = (file) => {
    return wanted.has(file.name) && file.service.length > 0 ? withSafeComments(file) : file;
  };
  const { fileToGenerate, parameter, compilerVersion } = request;
  const protoFile = request.protoFile.map(safe);
  const sourceFileDescriptors = request.sourceFileDescriptors.map(safe);
  const files = { fileToGenerate, protoFile, sourceFileDescriptors };
  const rest = compilerVersion === undefined ? { parameter } : { parameter, compilerVersion };
  return create(CodeGeneratorRequestSchema, { ...files, ...rest });
}

function generate(
  runtime: RuntimeFiles,
  version: string,
  request: CodeGeneratorRequest,
): CodeGeneratorResponse {
  const serviceFiles = new Set<string>();
  // Until protoplugin hands over the schema, whatever it throws is about the request.
  let isReading = true;
  const print = (schema: Schema<Parameters>, target: Target) => {
    isReading = false;
    for (const path of printServices(schema, target)) {
      serviceFiles.add(path);
    }
    if (serviceFiles.size > 0 && schema.options.runtime === undefined) {
      const { elidePluginVersion } = schema.options;
      emitRuntime(schema, target, runtime, elidePluginVersion ? name : `${name} ${version}`);
    }
  };
  const generators = { generateTs: print, generateJs: print, generateDts: print };
  const plugin = createEcmaScriptPlugin({ name, version, parseOptions, ...generators });
  try {
    const response = plugin.run(request);
    response.file.sort((a, b) => (a.name < b.name ? -1 : 1));
    checkOutputs(response.file);
    for (const file of response.file.filter((file) => serviceFiles.has(file.name))) {
      file.content = layout(file.content);
    }
    return response;
  } catch (error) {
    throw isReading && error instanceof Error ? new InputError(error.message) : error;
  }
}

/** Prints a file for each proto file with services, and returns their paths. */
function printServices(schema: Schema<Parameters>, target: Target): string[] {
  const models = serviceModels(schema.files);
  const files = schema.files.filter((file) => file.services.length > 0);
  return files.map((file) => {
    const path = `${outputPath(file.name)}${extensions[target]}`;
    const services = models.filter(({ sourceFile }) => sourceFile === file.proto.name);
    emitServiceFile(createSource(schema, target, path), file, services);
    return path;
  });
}
