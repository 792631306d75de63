import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import { TypeSchema } from "@bufbuild/protobuf/wkt/google/protobuf/type_pb.js";
import { expect, test } from "vitest";
import { Reader } from "../../../runtime/src/codec/reader.ts";
import { casesDirectory, compile } from "../../plugin/support.ts";
import { generatedCodecs } from "./generated.ts";

const typeName = TypeSchema.typeName;

/** The codec that a compiler leads to whose google.protobuf.Type has other fields than that of protobuf-es. */
async function typeCodec(name: string, change: (file: FileDescriptorProto) => void) {
  const protos = compile(`${casesDirectory}/well-known-types`);
  for (const file of protos) if (file.name === "google/protobuf/type.proto") change(file);
  const codecs = await generatedCodecs(name, protos);
  const codec = codecs.find(({ schema }) => schema.typeName === typeName);
  if (codec === undefined) throw new Error(`no codec for ${typeName}`);
  return codec;
}

test("a well-known type keeps the fields that the compiler does not know", async () => {
  const { write, read } = await typeCodec("older-compiler", ({ messageType }) => {
    for (const { name, field } of messageType) {
      if (name !== "Type") continue;
      field.splice(0, field.length, ...field.filter(({ name }) => name !== "edition"));
    }
  });
  const message = create(TypeSchema, { name: "a", edition: "2023" });
  const bytes = Buffer.alloc(4096);
  const written = bytes.subarray(0, write(message, bytes, 0));
  expect(fromBinary(TypeSchema, written)).toStrictEqual(message);
  const reader = new Reader();
  reader.start(written);
  expect(read(reader, written.length)).toStrictEqual(message);
});

test("no code names a field of a well-known type that protobuf-es may not know", async () => {
  const { write, read } = await typeCodec("newer-compiler", ({ messageType }) => {
    const later = create(FieldDescriptorProtoSchema, {
      name: "later",
      jsonName: "later",
      number: 1000,
      label: FieldDescriptorProto_Label.OPTIONAL,
      type: FieldDescriptorProto_Type.STRING,
    });
    for (const { name, field } of messageType) if (name === "Type") field.push(later);
  });
  const message = create(TypeSchema, { name: "a", edition: "2023" });
  const bytes = Buffer.alloc(4096);
  const written = bytes.subarray(0, write(message, bytes, 0));
  expect(Buffer.from(toBinary(TypeSchema, message)).equals(written)).toBe(true);
  expect(`${write}${read}`).not.toContain("later");
});
