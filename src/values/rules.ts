import type { DescField, DescMessage, DescOneof, Message } from "@bufbuild/protobuf";
import type { Limits } from "./limits.ts";

/** The rules of a schema, whichever library they are written for. */
export interface Rules {
  /** Undefined for a field without rules. */
  limitsOf(field: DescField): Limits | undefined;
  isRequired(oneof: DescOneof): boolean;
  /** Groups of fields of which at most one may be set. */
  groupsOf(message: DescMessage): readonly FieldGroup[];
  /** The rules that a message breaks. @throws ValueError when a rule cannot be used */
  check(desc: DescMessage, message: Message): readonly BrokenRule[];
}

/** Fields by name, of which at most one may be set. */
export interface FieldGroup {
  readonly fields: readonly string[];
}

/** A rule that a message breaks. */
export interface BrokenRule {
  /** One line. */
  readonly text: string;
  /** Paths of fields that another value might help, such as `users[0].email`. */
  readonly fields: readonly string[];
}

/** Of a schema without rules. */
export const noRules: Rules = {
  limitsOf: () => undefined,
  isRequired: () => false,
  groupsOf: () => [],
  check: () => [],
};
