/** Name of the descriptor set in proto/, for projects created from one. */
export const descriptorsFile = "descriptors.binpb";

/** Whether a file is built into the compiler. It must not be copied into proto/: code would be generated for it. */
export function isWellKnown(path: string): boolean {
  return wellKnown.test(path);
}

const wellKnown =
  /^google\/protobuf\/(?:any|api|compiler\/plugin|descriptor|duration|empty|field_mask|source_context|struct|timestamp|type|wrappers|(?:cpp|go|java)_features)\.proto$/;

/** Whether an argument is a proto by its name: a .proto file or a descriptor set. JSON in a file starts with `@`. */
export function isProtoPath(argument: string): boolean {
  return /^(?!@|[a-z]{2,}:).*\.(?:proto|binpb)$/is.test(argument);
}
