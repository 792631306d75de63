import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import type { Random } from "./random.ts";
import { word } from "./text/named-text.ts";

/** Fills a `google.protobuf.Value`: with a text, a number or a boolean. */
export function fillValue(target: ReflectMessage, random: Random): void {
  const { stringValue, numberValue, boolValue } = target.desc.field;
  if (stringValue === undefined || numberValue === undefined || boolValue === undefined) return;
  const field = random.pick([stringValue, numberValue, boolValue]);
  if (field === stringValue) target.set(field, word(random));
  else if (field === numberValue) target.set(field, random.between(1, 100));
  else target.set(field, random.chance(50));
}

/** Fills a `google.protobuf.Struct` with one field. */
export function fillStruct(target: ReflectMessage, random: Random): void {
  const { fields } = target.desc.field;
  if (fields?.fieldKind !== "map" || fields.message === undefined) return;
  const value = reflect(fields.message);
  fillValue(value, random);
  target.get(fields).set(word(random), value);
}
