/** Name under proto/ of the descriptor set that a project was made from. */
export const descriptorsFile = "descriptors.binpb";

/** True for the files that the compiler brings itself; a copy in the project would be generated. */
export function isWellKnown(path: string): boolean {
  return wellKnown.test(path);
}

const wellKnown =
  /^google\/protobuf\/(?:any|api|compiler\/plugin|descriptor|duration|empty|field_mask|source_context|struct|timestamp|type|wrappers|(?:cpp|go|java)_features)\.proto$/;
