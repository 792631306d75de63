import { FieldDescriptorProto_Type } from "@bufbuild/protobuf/wkt";
import { parseSync } from "rolldown/utils";
import { describe, expect, test } from "vitest";
import { errorOf, file, inPackageB, method, respond } from "./hand-made.ts";
import { filesOf } from "./support.ts";

test("the file that the others spoil is fine", () => {
  expect([...filesOf(respond(file())).keys()]).toEqual(["a_client.ts", "a_codec.ts", "a_grpc.ts"]);
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
    ["a\u202egpj.proto", "holds a control character"],
    ["a\ud800.proto", "holds a control character"],
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
    expect(errorOf(file(), inPackageB("A.proto"))).toContain(
      "differ only in case: A_client.ts and a_client.ts",
    );
  });

  test("directories may differ in case, but not their files", () => {
    expect(errorOf(file({ name: "x/a.proto" }), inPackageB("X/A.proto"))).toContain(
      "differ only in case: X/A_client.ts and x/a_client.ts",
    );
    expect(respond(file({ name: "x/a.proto" }), inPackageB("X/b.proto")).error).toBe("");
  });

  test.each(["grpc", "client"])("a directory named like a *_%s file is refused", (suffix) => {
    expect(errorOf(file(), inPackageB(`A_${suffix}.ts/b.proto`))).toBe(
      `output a_${suffix}.ts is in the way of the directory of A_${suffix}.ts/b_client.ts`,
    );
  });

  test("files with the same output are refused", () => {
    expect(errorOf(file(), inPackageB("./a.proto"))).toBe(
      "the files to generate lead to outputs twice: a_client.ts",
    );
  });

  test("a proto named like the generated files of another has outputs of its own", () => {
    const response = respond(file(), inPackageB("a_client.proto"));
    expect([...filesOf(response).keys()]).toEqual([
      "a_client.ts",
      "a_client_client.ts",
      "a_client_codec.ts",
      "a_client_grpc.ts",
      "a_codec.ts",
      "a_grpc.ts",
    ]);
  });
});

describe("names", () => {
  const evil = [
    "1a",
    "",
    "a b",
    "a-b",
    "a;evil()",
    'a"',
    "a\n",
    "이름",
    "😀",
    "a$",
    "a.b",
    "a\ufffd",
    "`id`",
    "$(rm -rf ~)",
  ];

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

  test.each(evil)("oneof %j is refused", (name) => {
    const oneofDecl = [{ name }];
    expect(errorOf(file({ messageType: [{ name: "M", oneofDecl }] }))).toContain("oneof name");
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

test("a file name cannot become code", () => {
  const name = `a*/evil();/*'\`\${evil()}{{evil}}b.proto`;
  const files = filesOf(respond(file({ name, messageType: [{ name: "M" }] })));
  expect(files.size).toBe(3);
  for (const code of files.values()) {
    expect(code).toContain("evil()");
    const { program, errors } = parseSync("a.ts", code);
    expect(errors).toEqual([]);
    expect(JSON.stringify(program)).not.toContain('"name":"evil"');
  }
});

test("options, defaults and JSON names are not printed", () => {
  const evil = `evil"; evil(); \`\${evil}\` \\ \n \u2028 */ {{evil}}`;
  const field = [
    { name: "f", number: 1, type: FieldDescriptorProto_Type.STRING, label: 1 },
    { name: "g", number: 2, type: FieldDescriptorProto_Type.STRING, label: 1 },
  ].map((init) => ({ ...init, defaultValue: evil, jsonName: evil }));
  const options = { goPackage: evil, javaPackage: evil, phpNamespace: evil };
  const messageType = [{ name: "M", field }];
  const printed = filesOf(respond(file({ syntax: "proto2", messageType, options })));
  expect([...printed.values()].join("")).not.toContain("evil");
  const plain = field.map((init) => ({ ...init, defaultValue: "", jsonName: "" }));
  const same = file({ syntax: "proto2", messageType: [{ name: "M", field: plain }] });
  expect(printed).toEqual(filesOf(respond(same)));
});

test("what an error quotes cannot control a terminal", () => {
  const escapes = "\u001b[31m\u001b]0;title\u0007\u009b2J\u202e\r\n</script>";
  const bad = [
    file({ name: `${escapes}.proto` }),
    file({ package: escapes }),
    file({ service: [{ name: escapes }] }),
    file({ syntax: escapes }),
    file({ dependency: [escapes] }),
    file({ service: [{ name: "S", method: [{ ...method, inputType: escapes }] }] }),
  ];
  for (const init of bad) {
    expect(errorOf(init)).toMatch(/^[^\p{Cc}\p{Bidi_Control}\u2028]+$/u);
  }
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
  const files = filesOf(respond(file({ sourceCodeInfo: { location } })));
  const text = [...files.values()].join("\n");
  // What is left without comments is free of it.
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, "");
  expect(text).toContain("evil();");
  expect(code).not.toContain("evil");
  expect(text).not.toMatch(/^\/\/[#@/]|^\/\/\s*@ts-|^\s*\*\s*@ts-/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u202e]/);
});
