import { ScalarType } from "@bufbuild/protobuf";

/** How generated code encodes and decodes a scalar: functions of `grpc-service/codec`. */
export interface ScalarCode {
  /** Writes a value. */
  readonly write: string;
  /** Method of the reader. */
  readonly read: string;
  /** Method of the reader that adds the values of a packed list, if there is one. */
  readonly readPacked?: string;
  /** Writes the values of a packed list, if there is such a function. */
  readonly writePacked?: string;
  /** Wire type of a value that is not packed. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** Longest encoding in bytes, without tag. Texts and bytes: of their length. */
  readonly bound: number;
  /** The function that gives the bound of the content, for texts and bytes. */
  readonly contentBound?: "text" | "binary";
  /** Type in TypeScript. */
  readonly type: "number" | "bigint" | "boolean" | "string" | "Uint8Array";
}

function varint(name: string, bound: number): ScalarCode {
  return { write: name, read: name, wireType: 0, bound, type: "number" };
}

function long(name: string, wireType: 0 | 1): ScalarCode {
  return { write: name, read: name, wireType, bound: wireType === 0 ? 10 : 8, type: "bigint" };
}

function fixed(name: string, bound: 4 | 8): ScalarCode {
  return { write: name, read: name, wireType: bound === 4 ? 5 : 1, bound, type: "number" };
}

/** Numbers of a fixed size have functions for whole lists. */
function packed(name: string) {
  return { readPacked: name, writePacked: name };
}

const codes: Readonly<Record<ScalarType, ScalarCode>> = {
  [ScalarType.DOUBLE]: { ...fixed("double", 8), ...packed("doubles") },
  [ScalarType.FLOAT]: { ...fixed("float", 4), ...packed("floats") },
  [ScalarType.INT64]: long("int64", 0),
  [ScalarType.UINT64]: long("uint64", 0),
  [ScalarType.INT32]: { ...varint("int32", 10), readPacked: "int32s" },
  [ScalarType.FIXED64]: long("fixed64", 1),
  [ScalarType.FIXED32]: { ...fixed("fixed32", 4), ...packed("fixed32s") },
  [ScalarType.BOOL]: { ...varint("bool", 1), type: "boolean" },
  [ScalarType.STRING]: {
    write: "string",
    read: "string",
    wireType: 2,
    bound: 5,
    contentBound: "text",
    type: "string",
  },
  [ScalarType.BYTES]: {
    write: "bytes",
    read: "bytes",
    wireType: 2,
    bound: 5,
    contentBound: "binary",
    type: "Uint8Array",
  },
  [ScalarType.UINT32]: { ...varint("uint32", 5), readPacked: "uint32s" },
  [ScalarType.SFIXED32]: { ...fixed("sfixed32", 4), ...packed("sfixed32s") },
  [ScalarType.SFIXED64]: long("sfixed64", 1),
  [ScalarType.SINT32]: { ...varint("sint32", 5), readPacked: "sint32s" },
  [ScalarType.SINT64]: long("sint64", 0),
};

export function scalarCode(type: ScalarType): ScalarCode {
  return codes[type];
}

/** Enums are encoded as their numbers. */
export const enumCode: ScalarCode = varint("int32", 10);

/** Number and wire type as one number, as it is on the wire. */
export function tagOf(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}

/** Bytes of a tag. */
export function tagBytes(number: number): number {
  const tag = tagOf(number, 0);
  if (tag < 0x80) return 1;
  if (tag < 0x4000) return 2;
  if (tag < 0x200000) return 3;
  return tag < 0x10000000 ? 4 : 5;
}

/** Longest length of a text, a list or a message, in bytes. */
export const lengthBytes = 5;
