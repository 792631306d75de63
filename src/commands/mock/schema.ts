import {
  create,
  createFileRegistry,
  createRegistry,
  type DescMethod,
  type DescService,
  type FileRegistry,
} from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { defineMethod, defineService, type ServiceDefinition } from "grpc-service";
import * as errorDetails from "grpc-service/error-details";
import { UsageError } from "../../terminal/errors.ts";
import { type ExampleValues, openExampleValues } from "../../values/example-values.ts";
import { nameOf, type StubSchema } from "./stubs/parse-stub-file.ts";

/** The services to mock, and their messages. */
export interface MockSchema extends StubSchema {
  readonly services: readonly ServiceDefinition[];
  readonly values: ExampleValues;
}

/** @throws UsageError when the protos have no RPC */
export async function openSchema(
  files: readonly FileDescriptorProto[],
  seed: string,
): Promise<MockSchema> {
  const set = create(FileDescriptorSetSchema, { file: [...files] });
  const schema = createFileRegistry(set);
  const services = servicesOf(schema);
  if (services.length === 0) throw new UsageError("the protos have no service with an RPC");
  const values = await openExampleValues(schema, seed);
  const methods = services.flatMap((service) => service.methods);
  return {
    services: services.map(definitionOf),
    methods: new Map(methods.map((method): [string, DescMethod] => [nameOf(method), method])),
    values,
    registry: createRegistry(...detailSchemas, values.registry),
  };
}

/** What stubs may have in the details of a status. */
const detailSchemas = Object.values(errorDetails).filter((value) => typeof value === "object");

/** Served by every server, this one included. */
const builtIn = /^grpc\.(?:health\.v1\.Health|reflection\.v1(?:alpha)?\.ServerReflection)$/;

function servicesOf(schema: FileRegistry): DescService[] {
  const services = [...schema.files].flatMap((file) => file.services);
  return services.filter(({ typeName, methods }) => methods.length > 0 && !builtIn.test(typeName));
}

function definitionOf(service: DescService): ServiceDefinition {
  const methods = service.methods.map(
    (method) => [method.localName, defineMethod(method)] as const,
  );
  return defineService(service, Object.fromEntries(methods));
}
