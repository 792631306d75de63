import { clone, create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  type FieldOptions,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { healthServiceDefinition } from "../../../runtime/src/health/index.ts";

/** The request message of the four patterns with other options on its only field, `service`. */
export function requestWith(set: (options: FieldOptions) => void): DescMessage {
  const { input } = healthServiceDefinition.check.descriptor;
  const file = clone(FileDescriptorProtoSchema, input.file.proto);
  const field = file.messageType.find(({ name }) => name === input.name)?.field[0];
  if (field === undefined) throw new Error("the request has no field");
  field.options = create(FieldOptionsSchema);
  set(field.options);
  file.dependency.push(file_buf_validate_validate.proto.name);
  const rules = [...file_buf_validate_validate.dependencies, file_buf_validate_validate];
  const files = create(FileDescriptorSetSchema, {
    file: [...rules.map(({ proto }) => proto), file],
  });
  const message = createFileRegistry(files).getMessage(input.typeName);
  if (message === undefined) throw new Error("the request has no descriptor");
  return message;
}
