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
import { clientFiles } from "./emit/client-file.ts";
import { codecFiles } from "./emit/codec-file.ts";
import type { Emitter } from "./emit/emitter.ts";
import { serviceFiles } from "./emit/service-file.ts";
import { InputError } from "./input-error.ts";
import { unionOf } from "./needs.ts";
import { checkParameter, codecOf, type Parameters, parseOptions } from "./parameters.ts";
import { reduceRequest, takeFiles } from "./reduce-request.ts";
import { checkFiles, checkOutputs } from "./validate.ts";

const name = "protoc-gen-grpc-service";

/**
 * Creates the plugin, which generates `*_grpc`, `*_client` and `*_codec` for each file with services. It
 * reads nothing from disk, and it removes the files from the request. Errors in a request are reported in
 * the response, as the protocol requires. If it throws, that is a bug.
 */
export function createPlugin(
  version = `v${packageVersion()}`,
  emitters?: readonly Emitter[],
): Plugin {
  return {
    name,
    version,
    run(request) {
      try {
        checkParameter(request.parameter);
        const used = emitters ?? emittersFor(request.parameter);
        return generate(version, used, checkAndReduce(request, used));
      } catch (error) {
        if (error instanceof InputError) {
          return create(CodeGeneratorResponseSchema, { error: error.message });
        }
        throw error;
      }
    },
  };
}

/** Codecs need the fields of messages, which take most of the time and memory of a large request. */
function emittersFor(parameter: string): Emitter[] {
  const isCompiled = codecOf(parameter) === "compiled";
  return [serviceFiles, clientFiles, ...(isCompiled ? [codecFiles] : [])];
}

/** A separate function, so that nothing references the files while code is printed. */
function checkAndReduce(
  request: CodeGeneratorRequest,
  emitters: readonly Emitter[],
): CodeGeneratorRequest {
  const files = takeFiles(request);
  checkFiles(files);
  return reduceRequest(request, files, unionOf(emitters.map(({ needs }) => needs)));
}

function generate(
  version: string,
  emitters: readonly Emitter[],
  request: CodeGeneratorRequest,
): CodeGeneratorResponse {
  // Until protoplugin calls back with the schema, its errors are errors in the request.
  let isReading = true;
  const print = (schema: Schema<Parameters>, target: Target) => {
    isReading = false;
    for (const emitter of emitters) {
      emitter.emit(schema, target);
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
