import { createRegistry, type DescMessage, type Message, type Registry } from "@bufbuild/protobuf";
import {
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import { MessageMaker } from "./message-maker.ts";
import { root } from "./place.ts";
import { Random } from "./random.ts";
import { type BrokenRule, noRules, type Rules } from "./rules.ts";
import { ValueError } from "./value-error.ts";

/** How often values that rules refuse are replaced by others. */
const maxAttempts = 400;

/** Example messages of a schema. */
export interface ExampleValues {
  /** The schema and the well-known types: what conversion to JSON needs for `google.protobuf.Any`. */
  readonly registry: Registry;
  /**
   * An example of a message. It obeys the protovalidate rules of the schema, and its values suit the names
   * of their fields. It is the same whenever seed, label and schema are, on every version of Node.js;
   * except for rules that relate timestamps to the present.
   *
   * @param label makes another example of the same type
   * @throws ValueError with one line when the rules exclude each other, or nothing that satisfies an
   * expression was found
   */
  message(desc: DescMessage, label?: string): Message;
  /** Whether a message obeys the rules of the schema. */
  isValid(desc: DescMessage, message: Message): boolean;
}

/**
 * Examples of the messages of a schema.
 *
 * @param schema with all files, and that of the protovalidate rules if they are used
 */
export async function openExampleValues(schema: Registry, seed = "1"): Promise<ExampleValues> {
  // What comes later replaces what comes earlier.
  const registry = createRegistry(...wellKnownFiles, schema);
  const hasRules = schema.getMessage("buf.validate.FieldRules") !== undefined;
  const rules = hasRules ? await loadRules(registry) : noRules;
  // The search takes time, which is not spent again on a type that has no example.
  const failures = new Map<DescMessage, unknown>();
  const values: ExampleValues = {
    registry,
    message(desc, label = "") {
      if (failures.has(desc)) throw failures.get(desc);
      const random = Random.from(`${seed}/${desc.typeName}/${label}`);
      try {
        return validMessage(desc, random, registry, rules);
      } catch (error) {
        // Nothing was found for this label: the example without one does.
        if (label !== "") return values.message(desc);
        failures.set(desc, error);
        throw error;
      }
    },
    isValid: (desc, message) => rules.check(desc, message).length === 0,
  };
  return values;
}

const wellKnownFiles = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
];

/** Loaded for schemas with rules only: protovalidate has an interpreter of CEL. */
async function loadRules(registry: Registry): Promise<Rules> {
  const { ProtovalidateRules } = await import("./rules/protovalidate.ts");
  return new ProtovalidateRules(registry);
}

/** Most rules are obeyed as values are made. Expressions are not understood: their fields are varied. */
function validMessage(
  desc: DescMessage,
  random: Random,
  registry: Registry,
  rules: Rules,
): Message {
  const refusals = new Map<string, number>();
  let broken: readonly BrokenRule[] = [];
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { message } = new MessageMaker(registry, rules, refusals).make(desc, root(random));
    broken = rules.check(desc, message);
    if (broken.length === 0) return message;
    refuse(broken, refusals, random.fork(attempt));
  }
  const [first] = broken;
  throw new ValueError(`no example of ${desc.typeName} found that obeys its rules: ${first?.text}`);
}

/** Marks the fields of broken rules, of those with several fields each one in half of the cases. */
function refuse(
  broken: readonly BrokenRule[],
  refusals: Map<string, number>,
  random: Random,
): void {
  for (const { fields } of broken) {
    const marked = fields.length <= 1 ? fields : fields.filter(() => random.chance(50));
    for (const path of marked) refusals.set(path, (refusals.get(path) ?? 0) + 1);
  }
}
