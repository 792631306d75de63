import { createRegistry, type Message } from "@bufbuild/protobuf";
import { type ServiceDefinition, serviceDescriptor } from "../method.ts";
import { messageJson } from "./message-json.ts";

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
