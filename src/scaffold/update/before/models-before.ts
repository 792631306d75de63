import { posix } from "node:path";
import { create, createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { type ServiceModel, serviceModels } from "../../../plugin/model.ts";
import { describeRequests, type Requests } from "../../emit/request.ts";
import { isBuiltIn } from "../../generation/generate.ts";
import { isWellKnown } from "../../protos/names.ts";
import { moduleReferences } from "../code/imports.ts";

/** What generated files say about the protos that they were generated from. */
export interface ModelsBefore {
  readonly services: readonly ServiceModel[];
  readonly requests: Requests;
  readonly registry: FileRegistry;
}

/**
 * Reads the descriptors in `*_pb.ts` and the comments in `*_grpc.ts`. Undefined if there are none, or they
 * cannot be read: then nothing is known.
 *
 * @param generated files by path below src/gen
 * @param sourceFiles the protos as they are: files are taken from them that have no generated ones, such as the
 * well-known types
 * @param targets names of those that code is generated for: they are new if `generated` does not have them
 */
export function modelsBefore(
  generated: ReadonlyMap<string, string>,
  sourceFiles: readonly FileDescriptorProto[],
  targets: ReadonlySet<string>,
): ModelsBefore | undefined {
  const files = descriptors(generated);
  if (files.length === 0) return undefined;
  const names = new Set(files.map(({ name }) => name));
  const others = sourceFiles.filter(({ name }) => !names.has(name));
  const imported = others.filter(({ name }) => !targets.has(name));
  // A generated file may have been lost: then what others need of it is as it is now.
  return modelsOf(files, imported, generated) ?? modelsOf(files, others, generated);
}

function modelsOf(
  files: readonly FileDescriptorProto[],
  imported: readonly FileDescriptorProto[],
  generated: ReadonlyMap<string, string>,
): ModelsBefore | undefined {
  const names = new Set(files.map(({ name }) => name));
  try {
    const file = importsFirst([...imported, ...files]);
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file }));
    const described = [...registry.files].filter(({ proto }) => names.has(proto.name));
    const inputs = described.flatMap((desc) =>
      desc.services.flatMap(({ methods }) => methods.map(({ input }) => input)),
    );
    const services = serviceModels(described)
      .filter(({ methods, typeName }) => methods.length > 0 && !isBuiltIn(typeName))
      .map((service) => withDocs(service, generated));
    return { services, requests: describeRequests(inputs), registry };
  } catch {
    return undefined;
  }
}

function descriptors(generated: ReadonlyMap<string, string>): FileDescriptorProto[] {
  return [...generated].flatMap(([path, text]) => {
    const encoded = /\bfileDesc\(\s*"([\w+/=]+)"/.exec(text)?.[1];
    if (encoded === undefined) return [];
    try {
      const file = fromBinary(FileDescriptorProtoSchema, base64Decode(encoded));
      // protoc-gen-es leaves the imports out: it imports their modules.
      const dependency = moduleReferences(text).flatMap((reference) => {
        const from = posix.join(posix.dirname(path), reference.path.replace(/\.js$/, ".ts"));
        const name = generatedFrom(generated.get(from) ?? "");
        return name === undefined ? [] : [name];
      });
      return [withDependency(file, dependency)];
    } catch {
      return [];
    }
  });
}

/** A copy. Fields that are not set, such as a package, are in the prototype: a spread would lose them. */
function withDependency(file: FileDescriptorProto, dependency: string[]): FileDescriptorProto {
  return Object.assign(create(FileDescriptorProtoSchema), file, { dependency });
}

/** The name of the proto in the head of a generated file. */
function generatedFrom(text: string): string | undefined {
  return /^\/\/ @generated from file (.+) \(/m.exec(text)?.[1];
}

/** Sorts files so that imports come first. */
function importsFirst(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const sorted = new Map<string, FileDescriptorProto>();
  const visiting = new Set<string>();
  const visit = (file: FileDescriptorProto) => {
    if (visiting.has(file.name)) return;
    visiting.add(file.name);
    const dependency = file.dependency.filter((name) => byName.has(name));
    for (const name of dependency) {
      const imported = byName.get(name);
      if (imported !== undefined) visit(imported);
    }
    sorted.set(file.name, withDependency(file, dependency));
  };
  for (const file of files.filter(({ name }) => isWellKnown(name))) visit(file);
  for (const file of files) visit(file);
  return [...sorted.values()];
}

/** The descriptors have no comments: they are taken from the interface of the handlers. */
function withDocs(service: ServiceModel, generated: ReadonlyMap<string, string>): ServiceModel {
  const path = service.importPath.slice(2);
  const text = generated.get(path.replace(/\.js$/, ".ts")) ?? generated.get(path) ?? "";
  const methods = service.methods.map((method) => {
    const origin = ` * @generated from rpc ${service.typeName}.${method.name}\n`;
    return { ...method, docs: docsAbove(text, origin) };
  });
  return { ...service, methods };
}

/** Text of the comment that a line is part of, above that line. */
function docsAbove(text: string, line: string): string {
  const end = text.indexOf(line);
  const start = text.lastIndexOf("/**\n", end);
  if (end < 0 || start < 0) return "";
  const lines = text
    .slice(start + "/**\n".length, end)
    .split("\n")
    .slice(0, -1);
  return lines
    .map((each) => each.replace(/^ *\* ?/, ""))
    .join("\n")
    .replace(/\n$/, "");
}
