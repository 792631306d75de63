import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { Limits } from "./limits.ts";
import type { Place } from "./place.ts";
import type { Rules } from "./rules.ts";

/** A tree of messages has one level below the outermost node. */
const maxSameType = 2;
const maxDepth = 12;

/**
 * The fields of a message that an example sets: all that are not deprecated, one of each oneof, and messages
 * only as long as there is room for them and types do not contain themselves without end.
 */
export function chosenFields(desc: DescMessage, place: Place, rules: Rules): DescField[] {
  const excluded = excludedFields(desc, place, rules);
  return desc.members.flatMap((member): DescField[] => {
    if (member.kind === "oneof") return oneOf(member, place, rules);
    const limits = rules.limitsOf(member);
    return !excluded.has(member.name) && isWanted(member, place, limits) ? [member] : [];
  });
}

/** Of each group of fields, all but one. */
function excludedFields(desc: DescMessage, place: Place, rules: Rules): ReadonlySet<string> {
  const excluded = rules.groupsOf(desc).flatMap(({ fields }) => {
    const possible = desc.fields.filter(
      (field) => fields.includes(field.name) && isPossible(field, place),
    );
    const names = possible.length === 0 ? fields : possible.map(({ name }) => name);
    const taken = names.length === 0 ? undefined : place.random.fork(fields.join()).pick(names);
    return fields.filter((name) => name !== taken);
  });
  return new Set(excluded);
}

function oneOf(oneof: DescOneof, place: Place, rules: Rules): DescField[] {
  const random = place.random.fork(oneof.name);
  const isRequired = rules.isRequired(oneof);
  if (place.attempt > 0 && !isRequired && random.chance(20)) return [];
  const possible = oneof.fields.filter((field) => isPossible(field, place));
  const current = possible.filter(({ deprecated }) => !deprecated);
  const fields = [current, possible, isRequired ? oneof.fields : []].find(
    ({ length }) => length > 0,
  );
  return fields === undefined ? [] : [random.pick(fields)];
}

function isWanted(field: DescField, place: Place, limits: Limits | undefined): boolean {
  if (limits?.required === true || isLegacyRequired(field)) return true;
  if ((field.fieldKind === "list" || field.fieldKind === "map") && (limits?.minSize ?? 0) > 0) {
    return true;
  }
  if (field.deprecated && limits === undefined) return false;
  if (!isPossible(field, place)) return false;
  // Some rules hold only for messages without a field.
  return place.attempt === 0 || !place.random.fork(`${field.name}?`).chance(15);
}

/** Whether there is room for the messages of a field. */
function isPossible(field: DescField, { room, around }: Place): boolean {
  const { message } = field;
  if (message === undefined) return true;
  const same = around.filter((outer) => outer === message).length;
  return room > 0 && same < maxSameType && around.length < maxDepth;
}

export function isLegacyRequired(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}
