import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type CodeGeneratorResponse, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { expect } from "vitest";
import { requestFor, run } from "./support.ts";

export type FileInit = MessageInitShape<typeof FileDescriptorProtoSchema>;

export const method = { name: "Get", inputType: ".M", outputType: ".M" };

/** A file with one message and one service, as a hand-made request may hold it. */
export function file(init: FileInit = {}): FileInit {
  return {
    name: "a.proto",
    syntax: "proto3",
    messageType: [{ name: "M" }],
    service: [{ name: "S", method: [method] }],
    ...init,
  };
}

/** The same in another package, so that only the files' names can clash. */
export function inPackageB(name: string): FileInit {
  const inB = { name: "Get", inputType: ".b.M", outputType: ".b.M" };
  return file({ name, package: "b", service: [{ name: "S", method: [inB] }] });
}

export function respond(...files: FileInit[]): CodeGeneratorResponse {
  return run(requestFor(files.map((init) => create(FileDescriptorProtoSchema, init))));
}

/** Only the error, and that nothing was printed. */
export function errorOf(...files: FileInit[]): string {
  const { error, file: printed } = respond(...files);
  expect(printed).toEqual([]);
  expect(error).toMatch(/^.+$/);
  return error;
}
