import {
  type DescMessage,
  equals,
  fromBinary,
  fromJson,
  type Message,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import type { ExampleValues } from "../../src/values/example-values.ts";

/** Finds what is wrong with an example of a message, in one line; undefined if nothing is. */
export type FindDefect = (desc: DescMessage, label?: string) => string | undefined;

/** Sends examples over the wire and through JSON, and checks them with protovalidate. */
export function defectFinder(values: ExampleValues): FindDefect {
  const { registry } = values;
  const hasRules = registry.getMessage("buf.validate.FieldRules") !== undefined;
  const validator = hasRules ? createValidator({ registry }) : undefined;
  const defectOf = (desc: DescMessage, message: Message): string | undefined => {
    if (!equals(desc, message, fromBinary(desc, toBinary(desc, message)))) {
      return "another message after the wire";
    }
    const json = JSON.parse(JSON.stringify(toJson(desc, message, { registry })));
    if (!equals(desc, message, fromJson(desc, json, { registry }))) {
      return "another message after JSON";
    }
    return validator?.validate(desc, message).error?.message;
  };
  return (desc, label) => {
    try {
      const defect = defectOf(desc, values.message(desc, label));
      return defect === undefined ? undefined : `${desc.typeName}: ${defect}`;
    } catch (error) {
      return `${desc.typeName}: ${error instanceof Error ? error.message : error}`;
    }
  };
}
