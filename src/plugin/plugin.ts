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
import type { Emitter } from "./emit/emitter.ts";
import { emitRuntime } from "./emit/runtime.ts";
import { serviceFiles } from "./emit/service-file.ts";
import { InputError } from "./input-error.ts";
import { unionOf } from "./needs.ts";
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
export function createPlugin(
  runtime: RuntimeFiles,
  version = `v${packageVersion()}`,
  emitters: readonly Emitter[] = [serviceFiles],
): Plugin {
  return {
    name,
    version,
    run(request) {
      try {
        checkParameter(request.parameter);
        return generate(runtime, version, emitters, checkAndReduce(request, emitters));
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
function checkAndReduce(
  request: CodeGeneratorRequest,
  emitters: readonly Emitter[],
): CodeGeneratorRequest {
  const files = takeFiles(request);
  checkFiles(files);
  return reduceRequest(request, files, unionOf(emitters.map(({ needs }) => needs)));
}

function generate(
  runtime: RuntimeFiles,
  version: string,
  emitters: readonly Emitter[],
  request: CodeGeneratorRequest,
): CodeGeneratorResponse {
  // Until protoplugin hands over the schema, whatever it throws is about the request.
  let isReading = true;
  const print = (schema: Schema<Parameters>, target: Target) => {
    isReading = false;
    for (const emitter of emitters) {
      emitter.emit(schema, target);
    }
    const hasServices = schema.files.some(({ services }) => services.length > 0);
    if (hasServices && schema.options.runtime === undefined) {
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
