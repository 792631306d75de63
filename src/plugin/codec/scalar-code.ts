import { ScalarType } from "@bufbuild/protobuf";

/** How generated code encodes and decodes a scalar: functions of `grpc-service/codec`. */
export interface ScalarCode {
  /** Writes a value; with an "s" behind it, a packed list or all texts of a list. */
  readonly write: string;
  /** Method of the reader. */
  readonly read: string;
  /** Method of the reader that adds the values of a packed list, if there is one. */
  readonly readPacked?: string;
  /** Wire type of a value that is not packed. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** Type in TypeScript. */
  readonly type: "number" | "bigint" | "boolean" | "string" | "Uint8Array";
}

function varint(name: string): ScalarCode {
  return { write: name, read: name, wireType: 0, type: "number" };
}

function long(name: string, wireType: 0 | 1): ScalarCode {
  return { write: name, read: name, wireType, type: "bigint" };
}

function fixed(name: string, size: 4 | 8): ScalarCode {
  return { write: name, read: name, wireType: size === 4 ? 5 : 1, type: "number" };
}

const codes: Readonly<Record<ScalarType, ScalarCode>> = {
  [ScalarType.DOUBLE]: { ...fixed("double", 8), readPacked: "doubles" },
  [ScalarType.FLOAT]: { ...fixed("float", 4), readPacked: "floats" },
  [ScalarType.INT64]: long("int64", 0),
  [ScalarType.UINT64]: long("uint64", 0),
  [ScalarType.INT32]: { ...varint("int32"), readPacked: "int32s" },
  [ScalarType.FIXED64]: long("fixed64", 1),
  [ScalarType.FIXED32]: { ...fixed("fixed32", 4), readPacked: "fixed32s" },
  [ScalarType.BOOL]: { ...varint("bool"), type: "boolean" },
  [ScalarType.STRING]: {
    write: "string",
    read: "string",
    wireType: 2,
    type: "string",
  },
  [ScalarType.BYTES]: {
    write: "bytes",
    read: "bytes",
    wireType: 2,
    type: "Uint8Array",
  },
  [ScalarType.UINT32]: { ...varint("uint32"), readPacked: "uint32s" },
  [ScalarType.SFIXED32]: { ...fixed("sfixed32", 4), readPacked: "sfixed32s" },
  [ScalarType.SFIXED64]: long("sfixed64", 1),
  [ScalarType.SINT32]: { ...varint("sint32"), readPacked: "sint32s" },
  [ScalarType.SINT64]: long("sint64", 0),
};

export function scalarCode(type: ScalarType): ScalarCode {
  return codes[type];
}

/** Enums are encoded as their numbers. */
export const enumCode: ScalarCode = varint("int32");

/** Number and wire type as one number, as it is on the wire. */
export function tagOf(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}
