import { create, type DescMessage, type Registry, toJsonString } from "@bufbuild/protobuf";

/** A request that shows every field, as JSON. */
export function exampleJson(schema: DescMessage, registry: Registry): string {
  return toJsonString(schema, create(schema), { registry, alwaysEmitImplicit: true });
}
