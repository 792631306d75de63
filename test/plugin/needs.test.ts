import { create, type DescFile, type DescMessage } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import {
  CodeGeneratorRequestSchema,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { getComments, type Schema } from "@bufbuild/protoplugin";
import { expect, test } from "vitest";
import type { Emitter } from "../../src/plugin/emit/emitter.ts";
import { type CommentNeeds, type Needs, unionOf } from "../../src/plugin/needs.ts";
import { createPlugin } from "../../src/plugin/plugin.ts";
import { filesOf, goldenVersion } from "./support.ts";

const text = { type: FieldDescriptorProto_Type.STRING, label: 1 } as const;
const leadingComments = " Says something.\n";

const imported = create(FileDescriptorProtoSchema, {
  name: "imported.proto",
  syntax: "proto3",
  messageType: [{ name: "Imported", field: [{ ...text, name: "far", number: 1 }] }],
});

/** With fields, comments, and a message of another file. */
const file = create(FileDescriptorProtoSchema, {
  name: "a.proto",
  syntax: "proto3",
  dependency: ["imported.proto"],
  messageType: [
    {
      name: "M",
      oneofDecl: [{ name: "either" }],
      field: [
        { ...text, name: "left", number: 1, oneofIndex: 0 },
        { ...text, name: "right", number: 2, oneofIndex: 0 },
      ],
      nestedType: [{ name: "Inner", field: [{ ...text, name: "deep", number: 1 }] }],
    },
  ],
  service: [{ name: "S", method: [{ name: "Get", inputType: ".M", outputType: ".Imported" }] }],
  sourceCodeInfo: {
    location: [
      [4, 0],
      [4, 0, 2, 0],
      [6, 0],
      [6, 0, 2, 0],
    ].map((path) => ({ path, leadingComments })),
  },
});

/** What the emitters print, by path. */
function print(...emitters: Emitter[]): Map<string, string> {
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: ["a.proto"],
    protoFile: [imported, file],
    parameter: "target=ts",
  });
  return filesOf(createPlugin(goldenVersion, emitters).run(request));
}

/** An emitter that prints a line per thing it finds. */
function emitter(path: string, needs: Needs, find: (schema: Schema) => string[]): Emitter {
  return {
    needs,
    emit(schema) {
      const file = schema.generateFile(path);
      for (const line of find(schema)) file.print(line);
    },
  };
}

function messagesIn(file: DescFile): DescMessage[] {
  return [...nestedTypes(file)].filter((type) => type.kind === "message");
}

function fieldNames({ allFiles }: Schema): string[] {
  return allFiles.flatMap(messagesIn).flatMap(({ typeName, fields, oneofs }) => {
    return [...fields, ...oneofs].map(({ name }) => `${typeName}.${name}`);
  });
}

const nothing: Needs = { fields: false, comments: "none" };

test("an emitter that needs fields gets those of requests and responses, of imported files as well", () => {
  const fields = emitter("fields.ts", { ...nothing, fields: true }, fieldNames);
  expect(print(fields).get("fields.ts")?.trim().split("\n")).toEqual([
    "Imported.far",
    "M.left",
    "M.right",
    "M.either",
  ]);
});

test("an emitter that does not need fields gets none", () => {
  expect(print(emitter("fields.ts", nothing, fieldNames)).size).toBe(0);
});

test("fields for one emitter are visible to all, and do not change their output", () => {
  const one = emitter("one.ts", { ...nothing, fields: true }, fieldNames);
  const other = emitter("other.ts", nothing, fieldNames);
  const files = print(other, one);
  expect(files.get("other.ts")).toBe(files.get("one.ts"));
});

/** The comments that are left, by what they stand at. */
function comments({ files }: Schema): string[] {
  return files.flatMap((file) => {
    const [service] = file.services;
    const [message] = file.messages;
    const described = [service, service?.methods[0], message, message?.fields[0]];
    return described
      .filter((desc) => desc !== undefined)
      .flatMap((desc) => {
        return getComments(desc).leading === undefined ? [] : [desc.kind];
      });
  });
}

test.each<[CommentNeeds, string[]]>([
  ["none", []],
  ["services", ["service", "rpc"]],
  ["all", ["service", "rpc", "message", "field"]],
])("comments: %s", (needed, expected) => {
  const found = emitter("comments.ts", { fields: true, comments: needed }, (schema) => [
    ...comments(schema),
    "end",
  ]);
  expect(print(found).get("comments.ts")).toBe(`${[...expected, "end"].join("\n")}\n`);
});

test("the union has what each of them needs", () => {
  expect(unionOf([])).toEqual(nothing);
  const fields: Needs = { ...nothing, fields: true };
  expect(unionOf([nothing, fields])).toEqual(fields);
  expect(unionOf([{ ...nothing, comments: "services" }, fields])).toEqual({
    fields: true,
    comments: "services",
  });
  expect(
    unionOf([
      { ...nothing, comments: "all" },
      { ...nothing, comments: "services" },
    ]),
  ).toEqual({ fields: false, comments: "all" });
});
