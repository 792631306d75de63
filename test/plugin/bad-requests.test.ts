import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  Edition,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { filesOf, requestFor, run } from "./support.ts";

type FileInit = MessageInitShape<typeof FileDescriptorProtoSchema>;

const method = { name: "Get", inputType: ".M", outputType: ".M" };

/** A file with one message and one service, as a hand-made request may hold it. */
function file(init: FileInit = {}): FileInit {
  return {
    name: "a.proto",
    syntax: "proto3",
    messageType: [{ name: "M" }],
    service: [{ name: "S", method: [method] }],
    ...init,
  };
}

function respond(...files: FileInit[]) {
  return run(requestFor(files.map((init) => create(FileDescriptorProtoSchema, init))));
}

/** Only the error, and that nothing was printed. */
function errorOf(...files: FileInit[]): string {
  const { error, file: printed } = respond(...files);
  expect(printed).toEqual([]);
  expect(error).toMatch(/^.+$/);
  return error;
}

test("the file that the others spoil is fine", () => {
  expect([...filesOf(respond(file())).keys()]).toEqual(["a_grpc.ts", "runtime/index.ts"]);
});

describe("file names", () => {
  test.each([
    ["../../evil.proto", "leads out of its directory"],
    ["a/../../evil.proto", "leads out of its directory"],
    ["/etc/x.proto", "is absolute"],
    ["..\\..\\x.proto", "holds a backslash"],
    ["C:\\x.proto", "holds a backslash"],
    ["C:x.proto", "is absolute"],
    ["a\nimport 'evil';.proto", "holds a control character"],
    ["a\u0000.proto", "holds a control character"],
    ["a\u2028.proto", "holds a control character"],
    ["", "is empty"],
    ["./", "is empty"],
    [".git/hooks/x.proto", "has a part that starts with a dot"],
    ["a/.proto", "has a part that starts with a dot"],
  ])("%j is refused", (name, message) => {
    expect(errorOf(file({ name }))).toMatch(new RegExp(`^proto file name ".*" ${message}$`));
  });

  test("a file that is only imported is looked at as well", () => {
    expect(errorOf(file(), { name: "../x.proto" })).toContain("leads out");
  });

  test.each([
    ["./a//b.proto", "a/b_grpc.ts"],
    ["a*/b.proto", "a*/b_grpc.ts"],
    ["it's.proto", "it's_grpc.ts"],
    [`${"long/".repeat(60)}a.proto`, `${"long/".repeat(60)}a_grpc.ts`],
  ])("%j is printed as %j", (name, expected) => {
    expect([...filesOf(respond(file({ name }))).keys()]).toContain(expected);
  });

  test("files whose outputs differ only in case are refused", () => {
    const other = file({ name: "A.proto", package: "b" });
    other.service = [
      { name: "S", method: [{ name: "Get", inputType: ".b.M", outputType: ".b.M" }] },
    ];
    expect(errorOf(file(), other)).toContain("differ only in case: A_grpc.ts and a_grpc.ts");
  });

  test("files with the same output are refused", () => {
    const other = file({ name: "./a.proto", package: "b" });
    other.service = [
      { name: "S", method: [{ name: "Get", inputType: ".b.M", outputType: ".b.M" }] },
    ];
    expect(errorOf(file(), other)).toContain("twice: a_grpc.ts");
  });
});

describe("names", () => {
  const evil = ["1a", "", "a b", "a-b", "a;evil()", 'a"', "a\n", "이름", "a$", "a.b", "a\ufffd"];

  test.each(evil)("service %j is refused", (name) => {
    expect(errorOf(file({ service: [{ name, method: [] }] }))).toContain("service name");
  });

  test.each(evil)("method %j is refused", (name) => {
    const service = [{ name: "S", method: [{ ...method, name }] }];
    expect(errorOf(file({ service }))).toContain("method name");
  });

  test.each(evil)("message %j is refused", (name) => {
    expect(errorOf(file({ messageType: [{ name: "M" }, { name }] }))).toContain("message name");
    const nested = [{ name: "M", nestedType: [{ name }] }];
    expect(errorOf(file({ messageType: nested }))).toContain("message name");
  });

  test.each(evil)("field %j is refused", (name) => {
    const field = [{ name, number: 1, type: FieldDescriptorProto_Type.STRING }];
    expect(errorOf(file({ messageType: [{ name: "M", field }] }))).toContain("field name");
  });

  test.each(["a..b", "a;b", ".a", "$(rm -rf ~)", "`id`"])("package %j is refused", (name) => {
    expect(errorOf(file({ package: name }))).toContain("package name");
  });

  test("methods that differ only in the case of their first letter are both named", () => {
    const methods = ["GetUser", "getUser"].map((name) => ({ ...method, name }));
    expect(errorOf(file({ service: [{ name: "S", method: methods }] }))).toBe(
      "a.proto: methods GetUser and getUser of service S would both be named getUser: rename one of them",
    );
  });

  test("methods whose files would be the same are both named", () => {
    const methods = ["GetUser", "Get_User"].map((name) => ({ ...method, name }));
    expect(errorOf(file({ service: [{ name: "S", method: methods }] }))).toContain(
      "methods GetUser and Get_User of service S would both be named get-user",
    );
  });

  test.each(["any", "await", "keyof", "undefined"])("message %s is no type", (name) => {
    const service = [
      { name: "S", method: [{ name: "Get", inputType: ".M", outputType: `.${name}` }] },
    ];
    expect(errorOf(file({ messageType: [{ name: "M" }, { name }], service }))).toBe(
      `a.proto: a message cannot be named ${name} in TypeScript: rename ${name}`,
    );
  });

  test("a name of 1000 characters is printed", () => {
    const service = [{ name: "S".repeat(1000), method: [{ ...method, name: "M".repeat(1000) }] }];
    expect(filesOf(respond(file({ service }))).get("a_grpc.ts")).toContain(
      "m".concat("M".repeat(999)),
    );
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
  });

  test("an import that is not there", () => {
    expect(errorOf(file({ dependency: ["missing.proto"] }))).toContain("missing.proto");
  });

  test("imports in a circle", () => {
    const other = { name: "b.proto", syntax: "proto3", dependency: ["a.proto"] };
    expect(errorOf(file({ dependency: ["b.proto"] }), other)).toMatch(/a\.proto|b\.proto/);
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

test("comments cannot become code, wherever they come from", () => {
  const comment = " */ evil(); /*\u2028evil();\n@ts-nocheck\n# sourceMappingURL=x\u0000\u202e";
  const paths = [[12], [2], [6, 0], [6, 0, 2, 0]];
  const location = paths.map((path) => ({
    path,
    leadingComments: comment,
    trailingComments: comment,
    leadingDetachedComments: [comment],
  }));
  const text = filesOf(respond(file({ sourceCodeInfo: { location } }))).get("a_grpc.ts") ?? "";
  // What is left without comments is free of it.
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, "");
  expect(text).toContain("evil();");
  expect(code).not.toContain("evil");
  expect(text).not.toMatch(/^\/\/[#@/]|^\/\/\s*@ts-|^\s*\*\s*@ts-/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u202e]/);
});

test("the order of files in a request does not matter", () => {
  const b = { name: "b.proto", syntax: "proto3", package: "b", service: [{ name: "S" }] };
  expect(respond(b, file())).toEqual(respond(file(), b));
});
