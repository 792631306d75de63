import type { DescFile } from "@bufbuild/protobuf";
import type { Schema, Target } from "@bufbuild/protoplugin";
import { type ServiceModel, serviceModels, streamsRequests, streamsResponses } from "../model.ts";
import { outputPath } from "../names.ts";
import { once } from "../once.ts";
import type { Parameters } from "../parameters.ts";
import { emitClient } from "./client.ts";
import { emitDefinition } from "./definition.ts";
import type { Emitter } from "./emitter.ts";
import { emitHandlers } from "./handlers.ts";
import { extensions, type Global, printSource, type Source } from "./source.ts";

/** Generates `*_grpc` for each proto file with services. */
export const serviceFiles: Emitter = {
  needs: { fields: false, comments: "services" },
  emit(schema, target) {
    const servicesOf = once((_sourceFile: string): ServiceModel[] => []);
    for (const service of serviceModels(schema.files)) {
      servicesOf(service.sourceFile).push(service);
    }
    for (const file of schema.files.filter(({ services }) => services.length > 0)) {
      emitServiceFile(schema, target, file, servicesOf(file.proto.name));
    }
  },
};

function emitServiceFile(
  schema: Schema<Parameters>,
  target: Target,
  protoFile: DescFile,
  services: readonly ServiceModel[],
): void {
  const path = `${outputPath(protoFile.name)}${extensions[target]}`;
  const file = schema.generateFile(path);
  file.preamble(protoFile);
  const reserved = [...declarations(services), ...globals(target, services)];
  printSource({ path, file, target, reserved }, schema, (source) => {
    nameImports(source, services);
    for (const [index, service] of services.entries()) {
      if (index > 0) {
        source.print();
      }
      emitDefinition(source, service);
      emitHandlers(source, service);
      emitClient(source, service);
    }
  });
}

function declarations(services: readonly ServiceModel[]): string[] {
  return services.flatMap(({ definitionName, handlersType, clientClass }) => {
    return [definitionName, handlersType, clientClass];
  });
}

/** Globals that the file uses. */
function globals(target: Target, services: readonly ServiceModel[]): Global[] {
  if (target === "js") {
    return [];
  }
  const methods = services.flatMap((service) => service.methods);
  const takesStream = methods.some(streamsRequests);
  const used: Global[] = ["Promise"];
  if (takesStream || methods.some(streamsResponses)) {
    used.push("AsyncIterable");
  }
  if (takesStream) {
    used.push("Iterable");
  }
  if (services.some(({ methods }) => methods.length === 0)) {
    used.push("Record");
  }
  return used;
}

/**
 * Imports are named in the order of their first use. This uses each message together with its schema, the
 * file's own messages first, so that a name clash gives `Receipt$1` and `ReceiptSchema$1`.
 */
function nameImports(source: Source, services: readonly ServiceModel[]): void {
  const messages = services.flatMap(({ methods, descriptorPath }) => {
    const used = methods.flatMap(({ input, output }) => [input, output]);
    const own = used.filter(({ importPath }) => importPath === descriptorPath);
    return [...own, ...used];
  });
  for (const message of new Set(messages)) {
    source.shape(message);
    source.schema(message);
  }
}
