import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  type DescriptorProtoSchema,
  Edition,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { errorOf, type FileInit, file, method, respond } from "./hand-made.ts";
import { filesOf, run } from "./support.ts";

/** A string that only bytes can hold: descriptors are not checked when they are read. */
function withInvalidUtf8(init: FileInit): FileDescriptorProto {
  const bytes = toBinary(FileDescriptorProtoSchema, create(FileDescriptorProtoSchema, init));
  const at = Buffer.from(bytes).indexOf("INVALID");
  bytes.set([0xff, 0xfe, 0xff], at);
  return fromBinary(FileDescriptorProtoSchema, bytes);
}

describe("text that is no UTF-8 is refused", () => {
  test.each<[string, FileInit, string]>([
    ["file name", { name: "INVALID.proto" }, "holds a control character"],
    ["package", { package: "INVALID" }, "is not an identifier"],
    ["service", { service: [{ name: "INVALID" }] }, "is not an identifier"],
    [
      "method",
      { service: [{ name: "S", method: [{ ...method, name: "INVALID" }] }] },
      "method name",
    ],
    ["message", { messageType: [{ name: "M" }, { name: "INVALID" }] }, "message name"],
    ["field", { messageType: [{ name: "M", field: [{ name: "INVALID" }] }] }, "field name"],
    ["enum", { enumType: [{ name: "INVALID" }] }, "enum name"],
    ["type", { service: [{ name: "S", method: [{ ...method, inputType: ".INVALID" }] }] }, "type"],
    ["import", { dependency: ["INVALID.proto"] }, "which is not in the request"],
    ["syntax", { syntax: "INVALID" }, "is not supported"],
  ])("in a %s", (_, init, message) => {
    expect(errorOf(withInvalidUtf8(file(init)))).toContain(message);
  });

  // protoc takes sources in Latin-1, so there are such.
  test("but shown in a comment", () => {
    const location = [{ path: [6, 0], leadingComments: " INVALID */ evil(" }];
    const printed = filesOf(respond(withInvalidUtf8(file({ sourceCodeInfo: { location } }))));
    expect(printed.get("a_grpc.ts")).toContain("\ufffd\ufffd\ufffdALID *\\/ evil(");
  });
});

describe("descriptors that do not fit together", () => {
  test("a type that is not there", () => {
    const service = [{ name: "S", method: [{ ...method, outputType: ".x.Missing" }] }];
    expect(errorOf(file({ service }))).toBe(
      'a.proto: rpc S.Get: type ".x.Missing" is not in the request',
    );
  });

  test("a method or a service that is there twice", () => {
    const twice = [{ name: "S", method: [method, method] }];
    expect(errorOf(file({ service: twice }))).toBe("a.proto: rpc S.Get is there twice");
    const again = { name: "b.proto", syntax: "proto3", service: [{ name: "S" }] };
    expect(errorOf(file(), again)).toBe("service S is in a.proto and again in b.proto");
    expect(errorOf(file({ service: [{ name: "S" }, { name: "S" }] }))).toContain("service S is in");
  });

  test("an import that is not there", () => {
    expect(errorOf(file({ dependency: ["missing.proto"] }))).toBe(
      "a.proto imports missing.proto, which is not in the request",
    );
  });

  test("imports in a circle", () => {
    const [b, c] = ["b.proto", "c.proto"].map((name) => ({ name, syntax: "proto3" }));
    const files = [
      file({ dependency: ["b.proto"] }),
      { ...b, dependency: ["c.proto"] },
      { ...c, dependency: ["b.proto"] },
    ];
    expect(errorOf(...files)).toBe("imports in a circle: b.proto -> c.proto -> b.proto");
  });

  test("a file that is there twice", () => {
    expect(errorOf(file(), file())).toBe("a.proto is in the request twice");
  });

  test("a field of a type that is not there", () => {
    const field = [{ name: "f", number: 1, type: 11, typeName: ".Missing" }];
    expect(errorOf(file({ messageType: [{ name: "M", field }] }))).toBe(
      'a.proto: field M.f: type ".Missing" is not in the request',
    );
  });

  test("messages nested deeper than any compiler allows", () => {
    let message: MessageInitShape<typeof DescriptorProtoSchema> = { name: "M" };
    for (let depth = 0; depth < 1000; depth++) {
      message = { name: "M", nestedType: [message] };
    }
    expect(errorOf(file({ messageType: [message] }))).toBe(
      "a.proto: messages are nested deeper than 100",
    );
  });

  test("an unknown syntax or edition", () => {
    expect(errorOf(file({ syntax: "proto9" }))).toContain('syntax "proto9" is not supported');
    expect(
      errorOf(file({ syntax: "editions", edition: Edition.EDITION_99999_TEST_ONLY })),
    ).toContain("supported are proto2, proto3 and editions 2023 to 2026");
  });

  test("a file to generate that is not there", () => {
    const request = create(CodeGeneratorRequestSchema, { fileToGenerate: ["x.proto"] });
    expect(run(request).error).toContain("x.proto");
  });
});

test("the order of files in a request does not matter", () => {
  const b = { name: "b.proto", syntax: "proto3", package: "b", service: [{ name: "S" }] };
  const importing = file({ dependency: ["b.proto"] });
  expect(respond(b, importing).error).toBe("");
  expect(respond(b, importing)).toEqual(respond(importing, b));
});

test("a long chain of imports, last file first", () => {
  const chain = Array.from({ length: 5000 }, (_, i) => {
    return { name: `c${i}.proto`, syntax: "proto3", dependency: i > 0 ? [`c${i - 1}.proto`] : [] };
  });
  expect(respond(...chain.toReversed(), file()).error).toBe("");
});
