import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { type ServiceModel, serviceModels } from "../../src/plugin/model.ts";
import { createPlugin } from "../../src/plugin/plugin.ts";

export const root = join(import.meta.dirname, "..", "..");
export const binDirectory = join(root, "node_modules", ".bin");
export const casesDirectory = join(root, "test", "cases");
export const caseNames = readdirSync(casesDirectory).sort();

/** Option string of a case: its file `parameter`, or what the scaffolder emits. */
export function caseParameter(name: string): string {
  const path = join(casesDirectory, name, "parameter");
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "target=ts,import_extension=ts";
}

/** Compiles all protos under a directory, with comments and imports. */
export function compile(directory: string): FileDescriptorProto[] {
  const bytes = execFileSync(
    join(binDirectory, "buf"),
    ["build", directory, "--as-file-descriptor-set", "-o", "-"],
    { maxBuffer: 1 << 26 },
  );
  return fromBinary(FileDescriptorSetSchema, bytes).file;
}

/** The request a compiler would send: code for all files but the well-known ones. */
export function requestFor(
  protoFile: FileDescriptorProto[],
  parameter = "target=ts,import_extension=ts",
): CodeGeneratorRequest {
  const names = protoFile.map((file) => file.name);
  const fileToGenerate = names.filter((name) => !name.startsWith("google/protobuf/"));
  return create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile, parameter });
}

/** Version in the headers of golden files, so that a release does not change them all. */
export const goldenVersion = "v0";

export function run(request: CodeGeneratorRequest): CodeGeneratorResponse {
  return createPlugin(goldenVersion).run(request);
}

/** Files by name. */
export function filesOf(response: CodeGeneratorResponse): Map<string, string> {
  if (response.error !== "") {
    throw new Error(response.error);
  }
  return new Map(response.file.map((file) => [file.name, file.content]));
}

/** The services of all files that {@link requestFor} asks code for. */
export function modelsOf(protoFile: FileDescriptorProto[]): ServiceModel[] {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: protoFile }));
  const { fileToGenerate } = requestFor(protoFile);
  return serviceModels(
    [...registry.files].filter(({ proto }) => fileToGenerate.includes(proto.name)),
  );
}
