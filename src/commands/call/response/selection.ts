import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { UsageError } from "../../../terminal/errors.ts";
import { fieldNamed } from "../../message-json/message-problems.ts";
import { unknownField } from "../field-path.ts";

/** A step from a value to the values in it: the name of a field, a key, or the index in a list. */
export type Step = string | number;

/** What `--field` names. */
export interface Selection {
  /** From the response on. */
  readonly steps: readonly Step[];
  /** The fields, if the path consists of nothing else: no index, no key. */
  readonly fields: readonly DescField[] | undefined;
  /** The last field; undefined if only a response can tell what the path leads to. */
  readonly last: DescField | undefined;
}

const flag = "--field";

/**
 * Reads a path such as `user.tags[0]`, `counts.apples` or `labels["a.b"]`. Fields are checked; what keys of
 * maps, `Struct` and `Any` lead to is known with a response only.
 *
 * @throws UsageError when there is no such field
 */
export function parseSelection(message: DescMessage, path: string): Selection {
  const steps: Step[] = [];
  const fields: DescField[] = [];
  let place: Place = { message };
  for (const step of stepsOf(path)) {
    const next = follow(place, step, path);
    steps.push(next.field?.name ?? step);
    if (next.field !== undefined) fields.push(next.field);
    place = next.place;
  }
  const isPlain = fields.length === steps.length;
  return { steps, fields: isPlain ? fields : undefined, last: place.field };
}

/** Where a path has got to. Without message and field: anything. */
interface Place {
  readonly message?: DescMessage | undefined;
  /** The field whose value, or element, the place is. */
  readonly field?: DescField | undefined;
  /** Whether the place is the list or the map itself. */
  readonly isWhole?: boolean;
}

interface Followed {
  readonly place: Place;
  /** Set if the step is the name of a field. */
  readonly field?: DescField | undefined;
}

function follow(place: Place, step: Step, path: string): Followed {
  const { message, field, isWhole } = place;
  if (isWhole && field?.fieldKind === "map") return { place: { message, field } };
  if (typeof step === "number" || (isWhole && /^\d+$/.test(step))) {
    const isOpen = field === undefined || (message !== undefined && isOpenType(message));
    if (!isWhole && !isOpen) {
      throw new UsageError(`${flag} ${path}: ${field.name} is not a list`);
    }
    return { place: isWhole ? { message, field } : {} };
  }
  if (message !== undefined && isOpenType(message)) return { place: {} };
  if (message === undefined) {
    if (field === undefined) return { place: {} };
    throw new UsageError(`${flag} ${path}: ${field.name} has no fields`);
  }
  if (message.typeName.startsWith("google.protobuf.")) {
    throw new UsageError(`${flag} ${path}: ${message.typeName} is one value in JSON`);
  }
  const found = fieldNamed(message, step);
  if (found === undefined) throw unknownField(flag, step, message);
  const isList = found.fieldKind === "list" || found.fieldKind === "map";
  return { field: found, place: { message: found.message, field: found, isWhole: isList } };
}

/** Types whose JSON can have any keys. */
function isOpenType({ typeName }: DescMessage): boolean {
  return /^google\.protobuf\.(?:Any|Struct|Value|ListValue)$/.test(typeName);
}

/** A name, or an index or a quoted key in brackets. */
const stepForm = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  stepForm.lastIndex = 0;
  while (stepForm.lastIndex < path.length) {
    const [, name, index, key] = stepForm.exec(path) ?? [];
    if (index !== undefined) steps.push(Number(index));
    else if (key !== undefined) steps.push(keyOf(key, path));
    else if (name !== undefined) steps.push(name);
    else throw malformed(path);
  }
  if (steps.length === 0) throw malformed(path);
  return steps;
}

function keyOf(quoted: string, path: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw malformed(path);
  }
}

function malformed(path: string): UsageError {
  return new UsageError(
    `${flag} must be a path such as user.tags[0] or labels["a.b"], not "${path}"`,
  );
}
