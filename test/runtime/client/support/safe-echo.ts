import { create, createFileRegistry, type DescMethod } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodDescriptorProtoSchema,
  MethodOptions_IdempotencyLevel,
  ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { defineMethod, defineService } from "../../../../runtime/src/index.ts";
import { EchoReplySchema, EchoRequestSchema, file_echo } from "../../gen/echo_pb.ts";
import { raise } from "../../support/echo.ts";

const method = (name: string, idempotencyLevel: MethodOptions_IdempotencyLevel) =>
  create(MethodDescriptorProtoSchema, {
    name,
    inputType: ".runtime.test.EchoRequest",
    outputType: ".runtime.test.EchoReply",
    options: { idempotencyLevel },
  });

const { NO_SIDE_EFFECTS, IDEMPOTENT, IDEMPOTENCY_UNKNOWN } = MethodOptions_IdempotencyLevel;

/** What a compiler makes of a service with `option idempotency_level`. */
const file = create(FileDescriptorProtoSchema, {
  name: "safe.proto",
  package: "runtime.test",
  syntax: "proto3",
  dependency: ["echo.proto"],
  service: [
    create(ServiceDescriptorProtoSchema, {
      name: "SafeEcho",
      method: [
        method("Read", NO_SIDE_EFFECTS),
        method("Put", IDEMPOTENT),
        method("Add", IDEMPOTENCY_UNKNOWN),
      ],
    }),
  ],
});

const service =
  createFileRegistry(create(FileDescriptorSetSchema, { file: [file_echo.proto, file] })).getService(
    "runtime.test.SafeEcho",
  ) ?? raise("no service");

function unary(name: string) {
  const descriptor: DescMethod = service.methods.find((m) => m.name === name) ?? raise(name);
  const typed = { input: EchoRequestSchema, output: EchoReplySchema } as const;
  return defineMethod({ ...descriptor, ...typed, methodKind: "unary" as const });
}

/** A service of which some methods are declared safe to repeat. */
export const safeEchoDefinition = defineService(service, {
  read: unary("Read"),
  put: unary("Put"),
  add: unary("Add"),
});
