import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { Edition, FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

/**
 * Whether protobuf-es keeps defaults of a message on a prototype: an own property is a field that is set.
 * So it does in proto2, and in editions where a field has presence.
 */
export function hasPrototype({ file, fields }: DescMessage): boolean {
  if (file.edition === Edition.EDITION_PROTO3) return false;
  if (file.edition === Edition.EDITION_PROTO2) return true;
  return fields.some((field) => {
    return !isImplicit(field) && field.fieldKind !== "message" && field.oneof === undefined;
  });
}

/** Whether a field counts as set when it is not its zero value. */
export function isImplicit({ presence }: DescField): boolean {
  return presence === FeatureSet_FieldPresence.IMPLICIT;
}

export function isRequired({ presence }: DescField): boolean {
  return presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}
