import {
  clone,
  type DescFile,
  type DescMethod,
  type DescService,
  isFieldSet,
} from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
  type SourceCodeInfo_Location,
  SourceCodeInfo_LocationSchema,
} from "@bufbuild/protobuf/wkt";
import { neutralise } from "./text.ts";

/**
 * The comments of a service or method in its proto, leading before trailing, safe to print: empty
 * when there are none.
 */
export function docsOf(desc: DescService | DescMethod): string {
  const file = desc.kind === "service" ? desc.file : desc.parent.file;
  const location = commentIndex(file).get(pathOf(desc).join("."));
  if (location === undefined) {
    return "";
  }
  const paragraphs = [location.leadingComments, location.trailingComments].map(paragraph);
  return paragraphs.filter((text) => text !== "").join("\n\n");
}

/** Takes away the one space that usually follows `//`. */
function paragraph(comment: string): string {
  return neutralise(comment).replace(/^ /gm, "").replace(/^\n+/, "").trimEnd();
}

const { service } = FileDescriptorProtoSchema.field;
const { method } = ServiceDescriptorProtoSchema.field;

function pathOf(desc: DescService | DescMethod): number[] {
  if (desc.kind === "service") {
    return [service.number, desc.file.services.indexOf(desc)];
  }
  return [...pathOf(desc.parent), method.number, desc.parent.methods.indexOf(desc)];
}

const indexes = new WeakMap<DescFile, Map<string, SourceCodeInfo_Location>>();

/** Finding a comment by scanning all locations makes large files quadratic: index them once. */
function commentIndex(file: DescFile): Map<string, SourceCodeInfo_Location> {
  let index = indexes.get(file);
  if (index === undefined) {
    index = new Map();
    for (const location of file.proto.sourceCodeInfo?.location ?? []) {
      const { path } = location;
      if (path[0] === service.number && (path.length === 2 || path.length === 4)) {
        index.set(path.join("."), location);
      }
    }
    indexes.set(file, index);
  }
  return index;
}

const { leadingComments, trailingComments } = SourceCodeInfo_LocationSchema.field;

/** The same file with comments that are safe to print; the file itself when they are already. */
export function withSafeComments(file: FileDescriptorProto): FileDescriptorProto {
  if (!file.sourceCodeInfo?.location.some(isUnsafe)) {
    return file;
  }
  const safe = clone(FileDescriptorProtoSchema, file);
  for (const location of safe.sourceCodeInfo?.location ?? []) {
    location.leadingDetachedComments = location.leadingDetachedComments.map(neutralise);
    if (isFieldSet(location, leadingComments)) {
      location.leadingComments = neutralise(location.leadingComments);
    }
    if (isFieldSet(location, trailingComments)) {
      location.trailingComments = neutralise(location.trailingComments);
    }
  }
  return safe;
}

function isUnsafe(location: SourceCodeInfo_Location): boolean {
  const comments = [
    location.leadingComments,
    location.trailingComments,
    ...location.leadingDetachedComments,
  ];
  return comments.some((comment) => comment !== neutralise(comment));
}
