import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { relevantComments } from "./comments.ts";
import { inImportOrder } from "./import-order.ts";
import type { Needs } from "./needs.ts";

/**
 * Takes the files out of a request. The files to generate are in it twice: the copy with all options is
 * taken. The request is left without files, so that memory holds only what is needed.
 */
export function takeFiles(request: CodeGeneratorRequest): FileDescriptorProto[] {
  const sources = request.sourceFileDescriptors.splice(0);
  const byName = new Map(sources.map((file) => [file.name, file]));
  return request.protoFile.splice(0).map((file) => byName.get(file.name) ?? file);
}

/**
 * Reduces a request to what its emitters need. Fields and comments are most of a large request, and take
 * most of the time and memory of its descriptors.
 *
 * @throws InputError when imports are missing or circular.
 */
export function reduceRequest(
  { fileToGenerate, parameter }: CodeGeneratorRequest,
  files: readonly FileDescriptorProto[],
  needs: Needs,
): CodeGeneratorRequest {
  const wanted = new Set(fileToGenerate);
  const protoFile = inImportOrder(files).map((file) =>
    reduceFile(file, needs, wanted.has(file.name)),
  );
  return create(CodeGeneratorRequestSchema, { fileToGenerate, parameter, protoFile });
}

function reduceFile(
  file: FileDescriptorProto,
  { fields, comments }: Needs,
  isWanted: boolean,
): FileDescriptorProto {
  const reduced = Object.assign(create(FileDescriptorProtoSchema), file);
  if (!fields) {
    reduced.messageType = file.messageType.map(withoutFields);
  }
  // A field is set if it is an own property.
  delete reduced.sourceCodeInfo;
  if (isWanted && file.sourceCodeInfo !== undefined) {
    reduced.sourceCodeInfo = relevantComments(file.sourceCodeInfo, comments);
  }
  return reduced;
}

function withoutFields(message: DescriptorProto): DescriptorProto {
  const { nestedType, field, oneofDecl } = message;
  if (nestedType.length + field.length + oneofDecl.length === 0) return message;
  // Not create(), which copies each list: with 500 000 messages, that is 100 MB of garbage.
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, {
    nestedType: nestedType.length === 0 ? nestedType : nestedType.map(withoutFields),
    field: none,
    oneofDecl: none,
  });
}

const none: readonly never[] = [];
