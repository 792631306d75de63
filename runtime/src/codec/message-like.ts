import type { UnknownField } from "@bufbuild/protobuf";

/** What all messages have, and the plain objects that create them. */
export interface MessageLike {
  readonly $typeName?: string | undefined;
  $unknown?: UnknownField[] | undefined;
}
