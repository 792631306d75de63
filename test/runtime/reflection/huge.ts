import { create, createFileRegistry, type DescFile } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/** Files that huge.proto imports. */
const parts = Array.from({ length: 20 }, (_, index) => `huge/part${index}.proto`);

/** huge.proto with `huge.HugeService`, whose imports are 6 MiB: more than fits into one message. */
export function hugeFiles(): DescFile[] {
  const partFiles = parts.map((name, index) =>
    create(FileDescriptorProtoSchema, {
      name,
      package: "huge",
      syntax: "proto3",
      messageType: [{ name: `Part${index}`, field: Array.from({ length: 2500 }, longField) }],
    }),
  );
  const main = create(FileDescriptorProtoSchema, {
    name: "huge.proto",
    package: "huge",
    syntax: "proto3",
    dependency: parts,
    service: [
      {
        name: "HugeService",
        method: [{ name: "Get", inputType: ".huge.Part0", outputType: ".huge.Part19" }],
      },
    ],
  });
  const set = create(FileDescriptorSetSchema, { file: [...partFiles, main] });
  return [...createFileRegistry(set).files];
}

function longField(_: unknown, index: number) {
  const name = `field_${"x".repeat(100)}_${index}`;
  return {
    name,
    number: index + 1,
    label: FieldDescriptorProto_Label.OPTIONAL,
    type: FieldDescriptorProto_Type.INT32,
  };
}
