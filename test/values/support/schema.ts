import {
  create,
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  type MessageInitShape,
  setExtension,
} from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import {
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  MessageOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import {
  FieldRulesSchema,
  field as fieldOption,
  file_buf_validate_validate,
  MessageRulesSchema,
  message as messageOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** A field of a schema: its type, as in a proto, and its rules. */
export interface FieldSpec {
  readonly name: string;
  /** Such as `string`, `int32`, `.google.protobuf.Timestamp`, `.test.Other` or `.test.Colour`. */
  readonly type: string;
  readonly repeated?: boolean;
  readonly rules?: MessageInitShape<typeof FieldRulesSchema>;
}

/** The fields of each message of package `test`, and its rules. */
export type MessageSpec = readonly FieldSpec[];

export interface SchemaSpec {
  readonly messages: Readonly<Record<string, MessageSpec>>;
  readonly rules?: Readonly<Record<string, MessageInitShape<typeof MessageRulesSchema>>>;
}

/** Compiles messages that have rules, without the compiler, which would need validate.proto. */
export function schemaOf({ messages, rules = {} }: SchemaSpec): FileRegistry {
  const file = create(FileDescriptorProtoSchema, {
    name: "test.proto",
    package: "test",
    syntax: "proto3",
    dependency: imported.map(({ proto }) => proto.name),
    messageType: Object.entries(messages).map(([name, fields]) => ({
      name,
      field: fields.map(fieldOf),
      ...(rules[name] !== undefined && { options: messageOptions(rules[name]) }),
    })),
    enumType: [
      {
        name: "Colour",
        value: ["COLOUR_UNSPECIFIED", "RED", "GREEN", "BLUE"].map((name, number) => ({
          name,
          number,
        })),
      },
    ],
  });
  const files = [...imported.map(({ proto }) => proto), file];
  return createFileRegistry(create(FileDescriptorSetSchema, { file: files }));
}

/** A message of package `test`. */
export function messageOf(schema: FileRegistry, name = "Example"): DescMessage {
  const desc = schema.getMessage(`test.${name}`);
  if (desc === undefined) throw new Error(`no message ${name}`);
  return desc;
}

const imported = [
  file_google_protobuf_descriptor,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  file_buf_validate_validate,
];

function messageOptions(rules: MessageInitShape<typeof MessageRulesSchema>) {
  const options = create(MessageOptionsSchema);
  setExtension(options, messageOption, create(MessageRulesSchema, rules));
  return options;
}

function fieldOf({ name, type, repeated, rules }: FieldSpec, at: number): FieldDescriptorProto {
  const options = create(FieldOptionsSchema);
  if (rules !== undefined) setExtension(options, fieldOption, create(FieldRulesSchema, rules));
  const isEnum = type === ".test.Colour";
  return create(FieldDescriptorProtoSchema, {
    name,
    jsonName: protoCamelCase(name),
    number: at + 1,
    label: repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    type: isEnum
      ? FieldDescriptorProto_Type.ENUM
      : (types[type] ?? FieldDescriptorProto_Type.MESSAGE),
    ...(type.startsWith(".") && { typeName: type }),
    options,
  });
}

const types: Readonly<Record<string, FieldDescriptorProto_Type>> = {
  bool: FieldDescriptorProto_Type.BOOL,
  bytes: FieldDescriptorProto_Type.BYTES,
  double: FieldDescriptorProto_Type.DOUBLE,
  float: FieldDescriptorProto_Type.FLOAT,
  int32: FieldDescriptorProto_Type.INT32,
  int64: FieldDescriptorProto_Type.INT64,
  string: FieldDescriptorProto_Type.STRING,
  uint32: FieldDescriptorProto_Type.UINT32,
  uint64: FieldDescriptorProto_Type.UINT64,
};
