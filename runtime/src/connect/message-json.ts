import {
  createRegistry,
  type DescMessage,
  type JsonValue,
  type JsonWriteOptions,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { type ServiceDefinition, serviceDescriptor } from "../method.ts";
import { declareUnknownTypes } from "./unknown-any.ts";

/** How a message is written; `registry` has the types that `google.protobuf.Any` may have. */
export type MessageJsonOptions = Partial<JsonWriteOptions> & { readonly registry: Registry };

/** A message as protobuf JSON. The content of an Any of an unknown type is base64 under `@value`. */
export function messageJson(
  schema: DescMessage,
  message: Message,
  options: MessageJsonOptions,
): JsonValue {
  try {
    return toJson(schema, message, options);
  } catch {
    const registry = declareUnknownTypes(schema, message, options.registry);
    return toJson(schema, message, { ...options, registry });
  }
}

/**
 * Prints responses of the services as `grpc-service call` does: protobuf JSON in one line.
 *
 * @example
 * ```ts
 * const print = messagePrinter([userServiceDefinition]);
 * print(await users.getUser({ id: 7 })); // {"id":"7","name":"Ada"}
 * ```
 */
export function messagePrinter(
  services: readonly ServiceDefinition[],
): (message: Message) => string {
  const registry = createRegistry(...services.map((service) => service[serviceDescriptor].file));
  const methods = services.flatMap((service) => Object.values(service));
  const schemas = new Map(methods.map(({ response: { schema } }) => [schema.typeName, schema]));
  return (message) => {
    const schema = schemas.get(message.$typeName);
    if (schema === undefined) throw new Error(`${message.$typeName} is no response of a service`);
    return JSON.stringify(messageJson(schema, message, { registry }));
  };
}
