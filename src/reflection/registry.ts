import { create, createFileRegistry, type FileRegistry } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_api,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_source_context,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_type,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import { textOf } from "../../runtime/src/error.ts";
import { UsageError } from "../terminal/errors.ts";

/** Files that every protobuf library has, so that servers and descriptor sets may leave them out. */
const wellKnown: ReadonlyMap<string, FileDescriptorProto> = new Map(
  [
    file_google_protobuf_any,
    file_google_protobuf_api,
    file_google_protobuf_descriptor,
    file_google_protobuf_duration,
    file_google_protobuf_empty,
    file_google_protobuf_field_mask,
    file_google_protobuf_source_context,
    file_google_protobuf_struct,
    file_google_protobuf_timestamp,
    file_google_protobuf_type,
    file_google_protobuf_wrappers,
  ].map(({ proto }) => [proto.name, proto]),
);

/** The file of a well-known import. */
export function wellKnownFile(name: string): FileDescriptorProto | undefined {
  return wellKnown.get(name);
}

/**
 * Builds the registry of files, in any order; the first of several with one name counts.
 *
 * @param origin where the files come from, for messages
 * @throws UsageError when they are not valid descriptors, or an import is missing
 */
export function buildRegistry(files: Iterable<FileDescriptorProto>, origin: string): FileRegistry {
  const byName = new Map<string, FileDescriptorProto>();
  for (const file of files) if (!byName.has(file.name)) byName.set(file.name, file);
  const invalid = (text: string) => new UsageError(`${origin}: invalid descriptors: ${text}`);
  const sorted = importsFirst(byName, invalid);
  try {
    return createFileRegistry(create(FileDescriptorSetSchema, { file: sorted }));
  } catch (error) {
    // Whatever is wrong with descriptors shows in some error of the library.
    throw invalid(textOf(error));
  }
}

/** Sorts files so that imports come before importers. Without recursion: a server may send a long chain. */
function importsFirst(
  files: ReadonlyMap<string, FileDescriptorProto>,
  invalid: (text: string) => UsageError,
): FileDescriptorProto[] {
  const sorted = new Set<FileDescriptorProto>();
  const open = new Set<string>();
  for (const root of files.values()) {
    const stack = [root];
    for (let file = stack.at(-1); file !== undefined; file = stack.at(-1)) {
      open.add(file.name);
      const next = nextImport(file, files, sorted, invalid);
      if (next === undefined) {
        sorted.add(file);
        open.delete(file.name);
        stack.pop();
      } else {
        if (open.has(next.name)) throw invalid(`${next.name} imports itself`);
        stack.push(next);
      }
    }
  }
  return [...sorted];
}

/** The first import of a file that is not sorted yet. */
function nextImport(
  { name, dependency }: FileDescriptorProto,
  files: ReadonlyMap<string, FileDescriptorProto>,
  sorted: ReadonlySet<FileDescriptorProto>,
  invalid: (text: string) => UsageError,
): FileDescriptorProto | undefined {
  for (const path of dependency) {
    const file = files.get(path) ?? wellKnown.get(path);
    if (file === undefined) throw invalid(`${path}, which ${name} imports, is missing`);
    if (!sorted.has(file)) return file;
  }
  return undefined;
}
