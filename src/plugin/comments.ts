import {
  create,
  type DescFile,
  type DescMethod,
  type DescService,
  isFieldSet,
} from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
  type SourceCodeInfo,
  type SourceCodeInfo_Location,
  SourceCodeInfo_LocationSchema,
  SourceCodeInfoSchema,
} from "@bufbuild/protobuf/wkt";
import { neutralise } from "../print/text.ts";
import type { CommentNeeds } from "./needs.ts";
import { once } from "./once.ts";

/** The comments of a service or method in its proto, leading before trailing, safe to print. May be empty. */
export function docsOf(desc: DescService | DescMethod): string {
  const file = desc.kind === "service" ? desc.file : desc.parent.file;
  const location = commentIndex(file).get(desc);
  if (location === undefined) {
    return "";
  }
  const paragraphs = [location.leadingComments, location.trailingComments].map(paragraph);
  return paragraphs.filter((text) => text !== "").join("\n\n");
}

/** Removes the one space that usually follows `//`. */
function paragraph(comment: string): string {
  return printable(comment).replace(/^ /gm, "").replace(/^\n+/, "").trimEnd();
}

type CommentIndex = ReadonlyMap<DescService | DescMethod, SourceCodeInfo_Location>;

/** One index per file: scanning all locations for each comment takes quadratic time. */
const commentIndex = once(buildIndex, new WeakMap<DescFile, CommentIndex>());

const { service } = FileDescriptorProtoSchema.field;
const { method } = ServiceDescriptorProtoSchema.field;

function buildIndex(file: DescFile): CommentIndex {
  const index = new Map<DescService | DescMethod, SourceCodeInfo_Location>();
  for (const location of file.proto.sourceCodeInfo?.location ?? []) {
    const { path } = location;
    const [field, serviceIndex = -1, subField, methodIndex = -1] = path;
    if (field !== service.number) {
      continue;
    }
    const parent = file.services[serviceIndex];
    const desc = path.length === 2 ? parent : parent?.methods[methodIndex];
    if (
      desc !== undefined &&
      (path.length === 2 || (path.length === 4 && subField === method.number))
    ) {
      index.set(desc, location);
    }
  }
  return index;
}

/**
 * The needed comments, and those of `syntax` and `package` at the top of a file. protoplugin prints the
 * latter unchanged, so they are made safe here.
 */
export function relevantComments(info: SourceCodeInfo, needed: CommentNeeds): SourceCodeInfo {
  const isNeeded = ({ path }: SourceCodeInfo_Location) =>
    needed === "all" || (needed === "services" && path[0] === service.number);
  const isAtHead = ({ path }: SourceCodeInfo_Location) => path.length === 1;
  const location = info.location
    .filter((each) => isAtHead(each) || isNeeded(each))
    .map((each) => (isAtHead(each) ? safe(each) : each));
  return create(SourceCodeInfoSchema, { location });
}

const { leadingComments, trailingComments } = SourceCodeInfo_LocationSchema.field;

function safe(location: SourceCodeInfo_Location): SourceCodeInfo_Location {
  const copy = Object.assign(create(SourceCodeInfo_LocationSchema), location);
  copy.leadingDetachedComments = copy.leadingDetachedComments.map(printable);
  if (isFieldSet(copy, leadingComments)) {
    copy.leadingComments = printable(copy.leadingComments);
  }
  if (isFieldSet(copy, trailingComments)) {
    copy.trailingComments = printable(copy.trailingComments);
  }
  return copy;
}

/** Longer comments are cut: a hostile one could fill the memory. */
const maxLength = 100_000;

function printable(comment: string): string {
  if (comment.length <= maxLength) {
    return neutralise(comment);
  }
  return `${neutralise(comment.slice(0, maxLength))}\n...`;
}
