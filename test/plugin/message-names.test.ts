import { join } from "node:path";
import { create, type DescFile, type DescMessage, type DescService } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { createEcmaScriptPlugin, type Schema } from "@bufbuild/protoplugin";
import { expect, test } from "vitest";
import { descriptorName, shapeName } from "../../src/plugin/message-names.ts";
import { caseNames, casesDirectory, compile, requestFor } from "./support.ts";

/** Every name that protoplugin and we give to a type, in pairs. */
function namesOf(protos: FileDescriptorProto[]): { theirs: string[]; ours: string[] } {
  const theirs: string[] = [];
  const ours: string[] = [];
  const collect = (schema: Schema) => {
    const source = schema.generateFile("names.ts");
    for (const type of schema.allFiles.flatMap(messagesAndServices(schema))) {
      theirs.push(source.importSchema(type).name);
      ours.push(descriptorName(type));
      if (type.kind === "message") {
        theirs.push(source.importShape(type).name);
        ours.push(shapeName(type));
      }
    }
  };
  const plugin = createEcmaScriptPlugin({ name: "names", version: "v0", generateTs: collect });
  plugin.run(requestFor(protos, "target=ts"));
  return { theirs, ours };
}

function messagesAndServices(schema: Schema): (file: DescFile) => (DescMessage | DescService)[] {
  return (file) =>
    [...schema.typesInFile(file)].filter(
      (type) => type.kind === "message" || type.kind === "service",
    );
}

test.each(caseNames)("names in case %s are protoc-gen-es' names", (name) => {
  const { theirs, ours } = namesOf(compile(join(casesDirectory, name)));
  expect(ours).toEqual(theirs);
  expect(ours.length).toBeGreaterThan(0);
});

test("names that clash are told apart as protoc-gen-es does", () => {
  const file = create(FileDescriptorProtoSchema, {
    name: "clash-es.proto",
    syntax: "proto3",
    package: "p.q",
    messageType: [
      { name: "A", nestedType: [{ name: "B", nestedType: [{ name: "C" }] }, { name: "BSchema" }] },
      { name: "A_B" },
      { name: "A_B_C" },
      { name: "ASchema" },
      { name: "A_BSchema" },
      { name: "file_clash_es" },
      { name: "class" },
    ],
    enumType: [
      { name: "E", value: [{ name: "E_0" }] },
      { name: "ESchema", value: [{ name: "Z" }] },
    ],
    service: [{ name: "ASchemaSchema" }, { name: "ESchemaSchema" }, { name: "switch" }],
  });
  const { theirs, ours } = namesOf([file]);
  expect(ours).toEqual(theirs);
  expect(new Set(ours).size).toBe(ours.length);
  expect(ours).toContain("A_B$");
});
