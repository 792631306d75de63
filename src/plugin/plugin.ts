import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
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
import { emitRuntime } from "./emit/runtime.ts";
import { emitServiceFile } from "./emit/service-file.ts";
import { InputError } from "./input-error.ts";
import { type ServiceModel, serviceModels } from "./model.ts";
import { once } from "./once.ts";
import { checkParameter, type Parameters, parseOptions } from "./parameters.ts";
import { reduceRequest, takeFiles } from "./reduce-request.ts";
import type { RuntimeFiles } from "./runtime-files.ts";
import { checkFiles, checkOutputs } from "./validate.ts";

const name = "protoc-gen-grpc-service";

/**
 * The plugin: for each file with services `*_grpc`, and once `runtime/`. It reads nothing from disk,
 * and takes the files out of the request that it is given. What is wrong with a request is told in
 * the response, as the protocol wants it; what it throws is a bug.
 */
export function createPlugin(runtime: RuntimeFiles, version = `v${packageVersion()}`): Plugin {
  return {
    name,
    version,
    run(request) {
      try {
        checkParameter(request.parameter);
        return generate(runtime, version, checkAndReduce(request));
      } catch (error) {
        if (error instanceof InputError) {
          return create(CodeGeneratorResponseSchema, { error: error.message });
        }
        throw error;
      }
    },
  };
}

/** A function of its own, so that nothing holds the files by the time that code is printed. */
function checkAndReduce(request: CodeGeneratorRequest): CodeGeneratorRequest {
  const files = takeFiles(request);
  checkFiles(files);
  return reduceRequest(request, files);
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
    return response;
  } catch (error) {
    throw isReading && error instanceof Error ? new InputError(error.message) : error;
  }
}

/** Prints a file for each proto file with services, and returns their paths. */
function printServices(schema: Schema<Parameters>, target: Target): string[] {
  const servicesOf = once((_sourceFile: string): ServiceModel[] => []);
  for (const service of serviceModels(schema.files)) {
    servicesOf(service.sourceFile).push(service);
  }
  const files = schema.files.filter((file) => file.services.length > 0);
  return files.map((file) => emitServiceFile(schema, target, file, servicesOf(file.proto.name)));
}
