import { createHash } from "node:crypto";
import {
  clone,
  type DescField,
  type DescMessage,
  type DescMethod,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { GrpcError } from "grpc-service";
import type { ExampleValues } from "../../values/example-values.ts";
import { ValueError } from "../../values/value-error.ts";

/** How many messages a generated stream has. */
const streamLength = 3;

/**
 * Generated responses to a request: the same for the same seed and request. Fields that the request has too
 * get its values, so that `GetUser` of id 7 returns a user with id 7.
 *
 * @throws GrpcError when the rules of the response cannot be satisfied
 */
export function generatedResponses(
  { methodKind, input, output }: DescMethod,
  request: Message,
  values: ExampleValues,
): Message[] {
  const label = createHash("sha256").update(toBinary(input, request)).digest("base64");
  const count = methodKind === "server_streaming" ? streamLength : 1;
  return Array.from({ length: count }, (_, at) => {
    const generated = exampleOf(output, values, at === 0 ? label : `${label}#${at}`);
    // Only one message of a stream can be the one that was asked for.
    return at === 0 ? withRequest(generated, reflect(input, request), output, values) : generated;
  });
}

function exampleOf(desc: DescMessage, values: ExampleValues, label: string): Message {
  try {
    return values.message(desc, label);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new GrpcError("INTERNAL", `${error.message}; write a stub for it`);
  }
}

/** Unchanged if the values of the request break a rule of the response. */
function withRequest(
  generated: Message,
  request: ReflectMessage,
  desc: DescMessage,
  values: ExampleValues,
): Message {
  const copy = reflect(desc, clone(desc, generated));
  copyFields(request, copy);
  for (const field of copy.fields) {
    if (field.fieldKind !== "message" || !copy.isSet(field)) continue;
    const inner = copy.get(field);
    if (field.message.typeName.startsWith("google.protobuf.")) continue;
    copyFields(request, inner);
    copy.set(field, inner);
  }
  return values.isValid(desc, copy.message) ? copy.message : generated;
}

/** Copies values and lists of them, not messages. */
function copyFields(from: ReflectMessage, to: ReflectMessage): void {
  for (const field of to.fields) {
    const source = from.fields.find((other) => isAlike(field, other));
    if (source === undefined || field.oneof !== undefined || !from.isSet(source)) continue;
    if (field.fieldKind === "list") copyList(from, source, to, field);
    else to.set(field, from.get(source));
  }
}

function copyList(from: ReflectMessage, source: DescField, to: ReflectMessage, field: DescField) {
  if (source.fieldKind !== "list" || field.fieldKind !== "list") return;
  const list = to.get(field);
  list.clear();
  for (const item of from.get(source)) list.add(item);
}

function isAlike(field: DescField, other: DescField): boolean {
  return (
    field.name === other.name &&
    field.fieldKind === other.fieldKind &&
    field.fieldKind !== "map" &&
    field.message === undefined &&
    other.message === undefined &&
    field.scalar === other.scalar &&
    field.enum?.typeName === other.enum?.typeName
  );
}
