import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { UsageError } from "../../terminal/errors.ts";
import { nearest } from "../../terminal/nearest.ts";
import { fieldNamed } from "../message-json/message-problems.ts";

/**
 * Finds the field that a path such as `user.email` leads to, by names of the proto or of JSON.
 *
 * @param flag for messages
 * @returns the fields from the outermost one on
 * @throws UsageError when there is no such field
 */
export function findField(message: DescMessage, path: string, flag: string): readonly DescField[] {
  const fields: DescField[] = [];
  let place: DescMessage | undefined = message;
  for (const name of path.split(".")) {
    if (place === undefined)
      throw new UsageError(`${flag} ${path}: ${fields.at(-1)?.name} has no fields`);
    const field: DescField | undefined = fieldNamed(place, name);
    if (field === undefined) throw unknownField(flag, name, place);
    fields.push(field);
    // The values of a map have no names that the schema knows.
    place = field.fieldKind === "map" ? undefined : field.message;
  }
  return fields;
}

/** The refusal of a name that a message does not have, with the nearest one. */
export function unknownField(
  flag: string,
  name: string,
  { fields, typeName }: DescMessage,
): UsageError {
  const names = fields.map((field) => field.name);
  const near = nearest(name, names);
  const hint =
    near === undefined ? `it has ${names.join(", ") || "none"}` : `did you mean ${near}?`;
  return new UsageError(`${flag}: ${typeName} has no field ${name}; ${hint}`);
}
