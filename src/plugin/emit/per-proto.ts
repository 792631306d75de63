import type { DescFile } from "@bufbuild/protobuf";
import type { Schema, Target } from "@bufbuild/protoplugin";
import { codecPath, codecPlans } from "../codec/codec-plans.ts";
import { type ServiceModel, serviceModels, streamsRequests, streamsResponses } from "../model.ts";
import { type OutputSuffix, outputPath } from "../names.ts";
import { once } from "../once.ts";
import type { Parameters } from "../parameters.ts";
import type { Emitter } from "./emitter.ts";
import { extensions, type Global, printSource, type Source } from "./source.ts";

/** A kind of generated file: how it is named, and what it has of each service. */
export interface ServiceFile {
  readonly suffix: OutputSuffix;
  /** Names that the file declares for a service. */
  declarations(service: ServiceModel): readonly string[];
  emit(source: Source, service: ServiceModel): void;
}

/** Generates one file of this kind per proto file with services. */
export function perProto(kind: ServiceFile): Emitter {
  return {
    needs: { fields: false, comments: "services" },
    emit(schema, target) {
      for (const [protoFile, services] of servicesByFile(schema)) {
        emitFile(kind, { schema, target, protoFile, services });
      }
    },
  };
}

type ServicesByFile = ReadonlyMap<DescFile, readonly ServiceModel[]>;

/** Described once per request, for all emitters and targets. */
const servicesByFile = once(describe, new WeakMap<Schema<Parameters>, ServicesByFile>());

function describe({ files }: Schema<Parameters>): ServicesByFile {
  const servicesOf = once((_sourceFile: string): ServiceModel[] => []);
  for (const service of serviceModels(files)) {
    servicesOf(service.sourceFile).push(service);
  }
  const withServices = files.filter(({ services }) => services.length > 0);
  return new Map(withServices.map((file) => [file, servicesOf(file.proto.name)]));
}

interface ProtoFile {
  readonly schema: Schema<Parameters>;
  readonly target: Target;
  readonly protoFile: DescFile;
  readonly services: readonly ServiceModel[];
}

function emitFile(kind: ServiceFile, { schema, target, protoFile, services }: ProtoFile): void {
  const path = `${outputPath(protoFile.name, kind.suffix)}${extensions[target]}`;
  const file = schema.generateFile(path);
  file.preamble(protoFile);
  const reserved = [...services.flatMap(kind.declarations), ...globals(target, services)];
  const codecs = codecsOf(schema, protoFile);
  printSource({ path, file, target, reserved, codecs }, schema, (source) => {
    nameMessages(source, services);
    for (const [index, service] of services.entries()) {
      if (index > 0) {
        source.print();
      }
      kind.emit(source, service);
    }
  });
}

function codecsOf(schema: Schema<Parameters>, protoFile: DescFile) {
  const { codecs } = codecPlans(schema).get(protoFile) ?? {};
  const from = codecPath(protoFile);
  return new Map([...(codecs ?? [])].map(([{ typeName }, name]) => [typeName, { name, from }]));
}

/** Globals that the files of these services use. */
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
 * Imports are named in the order of their first use. This names each message together with its schema, the
 * file's own messages first, so that a name clash gives `Receipt$1` and `ReceiptSchema$1`.
 */
function nameMessages(source: Source, services: readonly ServiceModel[]): void {
  const messages = services.flatMap(({ methods, descriptorPath }) => {
    const used = methods.flatMap(({ input, output }) => [input, output]);
    const own = used.filter(({ importPath }) => importPath === descriptorPath);
    return [...own, ...used];
  });
  for (const message of new Set(messages)) {
    source.nameMessage(message);
  }
}
