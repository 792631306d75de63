// Says what the fixtures are, and whether bytes have their content. All in protobuf-es.
import { create, equals, fromBinary, toBinary } from "@bufbuild/protobuf";
import { control } from "./control.mjs";
import { fixtures } from "./fixtures.mjs";

const generated = await import("./gen/own/fixtures_pb.js");

const schemaOf = (type) => generated[`${type}Schema`];
const encoded = Object.entries(fixtures).map(([name, { type, contents }]) => {
  const schema = schemaOf(type);
  const bytes = contents.map((content) => toBinary(schema, create(schema, content)));
  return { name, type, bytes: bytes.map((each) => Buffer.from(each).toString("base64")) };
});

control(encoded, {
  /** Whether all messages of a fixture are these, in the order of the fixture. */
  isSame({ name, bytes }) {
    const { type, contents } = fixtures[name];
    const schema = schemaOf(type);
    return contents.every((content, index) => {
      const message = fromBinary(schema, Buffer.from(bytes[index], "base64"));
      return equals(schema, message, create(schema, content));
    });
  },
});
