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
import type { CommentNeeds, Needs } from "./needs.ts";
import { usedMessages } from "./used-messages.ts";

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
  const used = needs.fields ? usedMessages(files, wanted) : noMessages;
  const protoFile = inImportOrder(files).map((file) =>
    reduceFile(file, used, wanted.has(file.name) ? needs.comments : "none"),
  );
  return create(CodeGeneratorRequestSchema, { fileToGenerate, parameter, protoFile });
}

function reduceFile(
  file: FileDescriptorProto,
  used: ReadonlySet<DescriptorProto>,
  comments: CommentNeeds,
): FileDescriptorProto {
  const reduced = Object.assign(create(FileDescriptorProtoSchema), file);
  reduced.messageType = file.messageType.map((message) => reduceMessage(message, used));
  // A field is set if it is an own property.
  delete reduced.sourceCodeInfo;
  if (comments !== "none" && file.sourceCodeInfo !== undefined) {
    reduced.sourceCodeInfo = relevantComments(file.sourceCodeInfo, comments);
  }
  return reduced;
}

/** Only messages that are used have fields. */
function reduceMessage(
  message: DescriptorProto,
  used: ReadonlySet<DescriptorProto>,
): DescriptorProto {
  const { nestedType, field, oneofDecl } = message;
  if (nestedType.length + field.length + oneofDecl.length === 0) return message;
  const isUsed = used.has(message);
  if (isUsed && nestedType.length === 0) return message;
  // Not create(), which copies each list: with 500 000 messages, that is 100 MB of garbage.
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, {
    nestedType:
      nestedType.length === 0 ? nestedType : nestedType.map((each) => reduceMessage(each, used)),
    ...(isUsed ? {} : { field: none, oneofDecl: none }),
  });
}

const noMessages: ReadonlySet<DescriptorProto> = new Set();
const none: readonly never[] = [];
