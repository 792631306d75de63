import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { enumCode, type ScalarCode, scalarCode } from "./scalar-code.ts";

/** What the values of a field are: those of a list, of the entries of a map, or the one of others. */
export type FieldCode = ScalarField | MessageField;

interface ScalarField {
  readonly message?: undefined;
  /** Enums are encoded as int32. */
  readonly scalar: ScalarCode;
  readonly enum?: DescEnum;
  /** Integers of 64 bits that are texts in JavaScript. */
  readonly isText: boolean;
  /** Whether text must be UTF-8. */
  readonly isStrict: boolean;
  readonly isWrapped: false;
  readonly isJson: false;
}

interface MessageField {
  readonly message: DescMessage;
  readonly scalar?: undefined;
  /** In JavaScript it is the value of the wrapper. */
  readonly isWrapped: boolean;
  /** In JavaScript it is JSON: google.protobuf.Struct, except in google.protobuf.Value. */
  readonly isJson: boolean;
}

export function fieldCode(field: DescField): FieldCode {
  const { message } = field;
  if (message !== undefined) {
    const isPlain = field.fieldKind === "message" && field.oneof === undefined;
    const isJson =
      message.typeName === "google.protobuf.Struct" &&
      field.parent.typeName !== "google.protobuf.Value";
    return { message, isWrapped: isPlain && wrappers.has(message.typeName), isJson };
  }
  const { scalar } = field;
  const common = { isStrict: field.utf8Validation, isWrapped: false, isJson: false } as const;
  if (scalar === undefined) return { scalar: enumCode, enum: field.enum, isText: false, ...common };
  const isText = "longAsString" in field && field.longAsString;
  return { scalar: scalarCode(scalar), isText, ...common };
}

/** Messages with one field, `value`. */
const wrappers = new Set(
  ["Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes"].map(
    (name) => `google.protobuf.${name}Value`,
  ),
);
