import {
  create,
  createFileRegistry,
  createRegistry,
  type DescMessage,
  type Message,
  type Registry,
  toBinary,
} from "@bufbuild/protobuf";
import { isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import {
  type Any,
  BytesValueSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";

/**
 * Makes a message printable whose `google.protobuf.Any` have types that are not known: their content shows
 * as base64 under `@value`, as grpcurl prints it. JSON of protobuf has no form for them.
 *
 * @param message is changed
 * @returns a registry in which these types are declared
 */
export function declareUnknownTypes(
  schema: DescMessage,
  message: Message,
  registry: Registry,
): Registry {
  const names = new Set<string>();
  visitAny(reflect(schema, message), (any) => {
    const name = any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1);
    if (any.typeUrl === "" || registry.getMessage(name) !== undefined) return;
    names.add(name);
    // The content of the only field of the stand-in, which has the number of BytesValue.value.
    any.value = toBinary(BytesValueSchema, create(BytesValueSchema, { value: any.value }));
  });
  return createRegistry(registry, ...[...names].map(standIn));
}

/** A registry with one message of this name. */
function standIn(typeName: string): Registry {
  const dot = typeName.lastIndexOf(".");
  const file = create(FileDescriptorProtoSchema, {
    name: `${typeName}.proto`,
    package: typeName.slice(0, Math.max(dot, 0)),
    syntax: "proto3",
    messageType: [
      {
        name: typeName.slice(dot + 1),
        field: [
          {
            name: "value",
            jsonName: "@value",
            number: 1,
            type: FieldDescriptorProto_Type.BYTES,
            label: FieldDescriptorProto_Label.OPTIONAL,
          },
        ],
      },
    ],
  });
  return createFileRegistry(file, () => undefined);
}

function visitAny(message: ReflectMessage, visit: (any: Any) => void): void {
  if (message.desc.typeName === "google.protobuf.Any") {
    // The descriptor has that name, so the message has these fields.
    visit(message.message as Any);
    return;
  }
  for (const field of message.fields) {
    if (field.message === undefined || !message.isSet(field)) continue;
    const value: unknown = message.get(field);
    const inner: Iterable<unknown> =
      field.fieldKind === "list"
        ? message.get(field)
        : field.fieldKind === "map"
          ? message.get(field).values()
          : [value];
    for (const element of inner) if (isReflectMessage(element)) visitAny(element, visit);
  }
}
