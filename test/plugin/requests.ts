import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { expect } from "vitest";
import type { Run } from "./bundled.ts";

type RequestInit = MessageInitShape<typeof CodeGeneratorRequestSchema>;

export function bytesOf(init: RequestInit): Uint8Array {
  return toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, init));
}

type FileInit = MessageInitShape<typeof FileDescriptorProtoSchema>;

/** The file `a.proto`. */
export function fileOf(file: FileInit = {}) {
  const method = { name: "Get", inputType: ".M", outputType: ".M" };
  return create(FileDescriptorProtoSchema, {
    name: "a.proto",
    syntax: "proto3",
    messageType: [{ name: "M" }],
    service: [{ name: "S", method: [method] }],
    ...file,
  });
}

/** A request for code of the one file `a.proto`, with more files behind it. */
export function requestOf(file: FileInit = {}, ...others: FileInit[]): Uint8Array {
  return bytesOf({
    fileToGenerate: ["a.proto"],
    protoFile: [fileOf(file), ...others],
    parameter: "target=ts",
  });
}

export function responseOf({ status, stdout, stderr }: Run) {
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return fromBinary(CodeGeneratorResponseSchema, stdout);
}

/** A field of bytes. */
export function lengthDelimited(field: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = body.length; ; rest >>>= 7) {
    if (rest < 128) {
      return Buffer.concat([Uint8Array.of((field << 3) | 2, ...length, rest), body]);
    }
    length.push((rest & 127) | 128);
  }
}
