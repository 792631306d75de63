import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/**
 * CommonJS for the library google-protobuf, of the form that protoc-gen-js prints, with the accessors that
 * encoding and decoding need. protoc-gen-js is a binary that npm does not have.
 */
export function printGoogleProtobuf(messages: readonly DescMessage[]): string {
  const lines = messages.flatMap(printMessage);
  return ['const jspb = require("google-protobuf");', "const types = exports;", ...lines, ""].join(
    "\n",
  );
}

function printMessage(message: DescMessage): string[] {
  const { fields, oneofs } = message;
  const name = `types.${message.name}`;
  const repeated = fields.filter(({ fieldKind }) => fieldKind === "list");
  const groups = oneofs.map((oneof) => oneof.fields.map(({ number }) => number));
  const lists = repeated.length > 0 ? JSON.stringify(repeated.map(({ number }) => number)) : "null";
  return [
    `${name} = function (data) {`,
    `  jspb.Message.initialize(this, data, 0, -1, ${name}.lists, ${name}.groups);`,
    "};",
    `Object.setPrototypeOf(${name}.prototype, jspb.Message.prototype);`,
    `${name}.lists = ${lists};`,
    `${name}.groups = ${groups.length > 0 ? JSON.stringify(groups) : "null"};`,
    ...fields.flatMap((field) => printAccessors(name, field)),
    `${name}.deserializeBinary = (bytes) =>`,
    `  ${name}.read(new ${name}(), new jspb.BinaryReader(bytes));`,
    `${name}.read = function (msg, reader) {`,
    "  while (reader.nextField()) {",
    "    if (reader.isEndGroup()) break;",
    "    switch (reader.getFieldNumber()) {",
    ...fields.flatMap(printRead).map((line) => `      ${line}`),
    "      default:",
    "        reader.skipField();",
    "    }",
    "  }",
    "  return msg;",
    "};",
    `${name}.prototype.serializeBinary = function () {`,
    "  const writer = new jspb.BinaryWriter();",
    `  ${name}.write(this, writer);`,
    "  return writer.getResultBuffer();",
    "};",
    `${name}.write = function (message, writer) {`,
    "  let f;",
    ...fields.flatMap(printWrite).map((line) => `  ${line}`),
    "};",
  ];
}

function printAccessors(name: string, field: DescField): string[] {
  const { number, message, oneof, parent } = field;
  const type = message && `types.${message.name}`;
  const method = (prefix: string, parameters: string, call: string) =>
    `${name}.prototype.${prefix}${field.number} = function (${parameters}) { return jspb.Message.${call}; };`;
  switch (field.fieldKind) {
    case "map":
      return [method("get", "lazy", `getMapField(this, ${number}, lazy, ${type ?? "null"})`)];
    case "list":
      return message === undefined
        ? [
            method("get", "", `getRepeatedField(this, ${number})`),
            method("set", "value", `setField(this, ${number}, value || [])`),
            method("add", "value", `addToRepeatedField(this, ${number}, value)`),
          ]
        : [
            method("get", "", `getRepeatedWrapperField(this, ${type}, ${number})`),
            method("add", "value", `addToRepeatedWrapperField(this, ${number}, value, ${type})`),
          ];
  }
  const group = oneof && `${name}.groups[${parent.oneofs.indexOf(oneof)}]`;
  if (message !== undefined) {
    const set =
      group === undefined
        ? `setWrapperField(this, ${number}, value)`
        : `setOneofWrapperField(this, ${number}, ${group}, value)`;
    return [
      method("get", "", `getWrapperField(this, ${type}, ${number})`),
      method("set", "value", set),
    ];
  }
  const kind = kindOf(field);
  const set =
    group === undefined
      ? `setProto3${kind.setter}Field(this, ${number}, value)`
      : `setOneofField(this, ${number}, ${group}, value)`;
  return [
    method("get", "", `${kind.getter}WithDefault(this, ${number}, ${kind.zero})`),
    method("set", "value", set),
  ];
}

function printRead(field: DescField): string[] {
  const { number, message } = field;
  const head = `case ${number}:`;
  const add = field.fieldKind === "list" ? "add" : "set";
  if (field.fieldKind === "map") {
    const key = `jspb.BinaryReader.prototype.read${scalarName(field.mapKey)}`;
    const value =
      message === undefined
        ? `jspb.BinaryReader.prototype.read${methodName(field)}, null, ${zeroOf(field.mapKey)}, ${kindOf(field).zero}`
        : `jspb.BinaryReader.prototype.readMessage, types.${message.name}.read, ${zeroOf(field.mapKey)}, new types.${message.name}()`;
    return [
      head,
      `  reader.readMessage(msg.get${number}(), (map, reader) => {`,
      `    jspb.Map.deserializeBinary(map, reader, ${key}, ${value});`,
      "  });",
      "  break;",
    ];
  }
  if (message !== undefined) {
    const type = `types.${message.name}`;
    return [
      `${head} {`,
      `  const value = new ${type}();`,
      `  reader.readMessage(value, ${type}.read);`,
      `  msg.${add}${number}(value);`,
      "  break;",
      "}",
    ];
  }
  const read = methodName(field);
  if (field.fieldKind !== "list")
    return [head, `  msg.set${number}(reader.read${read}());`, "  break;"];
  return field.packed
    ? [head, `  reader.readPackable${read}Into(msg.get${number}());`, "  break;"]
    : [head, `  msg.add${number}(reader.read${read}());`, "  break;"];
}

function printWrite(field: DescField): string[] {
  const { number, message, oneof } = field;
  const get = `message.get${number}()`;
  const writeType = message && `types.${message.name}.write`;
  if (field.fieldKind === "map") {
    const writer = "jspb.BinaryWriter.prototype.write";
    const value =
      message === undefined ? `${writer}${methodName(field)}` : `${writer}Message, ${writeType}`;
    return [
      `f = message.get${number}(true);`,
      "if (f && f.getLength() > 0)",
      `  jspb.internal.public_for_gencode.serializeMapToBinary(f, ${number}, writer, ${writer}${scalarName(field.mapKey)}, ${value});`,
    ];
  }
  if (field.fieldKind === "list") {
    const mode = message === undefined && field.packed ? "Packed" : "Repeated";
    const call =
      message === undefined
        ? `${mode}${methodName(field)}(${number}, f)`
        : `RepeatedMessage(${number}, f, ${writeType})`;
    return [`f = ${get};`, `if (f.length > 0) writer.write${call};`];
  }
  if (message !== undefined) {
    return [`f = ${get};`, `if (f != null) writer.writeMessage(${number}, f, ${writeType});`];
  }
  const write = `writer.write${methodName(field)}(${number}, f);`;
  if (oneof !== undefined) {
    return [`f = jspb.Message.getField(message, ${number});`, `if (f != null) ${write}`];
  }
  const { zero } = kindOf(field);
  const isSet = zero === '""' ? "f.length > 0" : zero === "false" ? "f" : `f !== ${zero}`;
  return [`f = ${get};`, `if (${isSet}) ${write}`];
}

interface Kind {
  readonly getter: string;
  readonly setter: string;
  readonly zero: string;
}

function kindOf({ scalar, enum: desc }: DescField): Kind {
  if (desc !== undefined) return { getter: "getField", setter: "Enum", zero: "0" };
  switch (scalar) {
    case ScalarType.STRING:
      return { getter: "getField", setter: "String", zero: '""' };
    case ScalarType.BYTES:
      return { getter: "getField", setter: "Bytes", zero: '""' };
    case ScalarType.BOOL:
      return { getter: "getBooleanField", setter: "Boolean", zero: "false" };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { getter: "getFloatingPointField", setter: "Float", zero: "0.0" };
    default:
      return { getter: "getField", setter: "Int", zero: "0" };
  }
}

function methodName({ scalar, enum: desc }: DescField): string {
  return desc === undefined && scalar !== undefined ? scalarName(scalar) : "Enum";
}

function scalarName(scalar: ScalarType): string {
  const name = ScalarType[scalar];
  return `${name[0]}${name.slice(1).toLowerCase()}`;
}

function zeroOf(key: ScalarType): string {
  return key === ScalarType.STRING ? '""' : "0";
}
