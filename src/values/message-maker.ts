import { type DescField, type DescMessage, type Registry, toBinary } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { anyTypes } from "./any-types.ts";
import type { Draw, Limits } from "./limits.ts";
import { fieldPath, inside, type Place, type Refusals } from "./place.ts";
import { chosenFields } from "./presence.ts";
import type { Rules } from "./rules.ts";
import { enumValue, scalar } from "./scalars/scalar.ts";
import { ValueError } from "./value-error.ts";
import { fillWellKnown } from "./well-known.ts";

/** Only types that require themselves are nested deeper. */
const maxDepth = 64;
/** Values of one example. Only rules that demand long lists lead to more. */
const maxValues = 200_000;

/** Makes one example of a message. */
export class MessageMaker {
  readonly #registry: Registry;
  readonly #rules: Rules;
  readonly #refusals: Refusals;
  #values = 0;

  constructor(registry: Registry, rules: Rules, refusals: Refusals) {
    this.#registry = registry;
    this.#rules = rules;
    this.#refusals = refusals;
  }

  /**
   * @param field whose value it is, for its rules; undefined for the outermost message
   * @throws ValueError for a type that requires itself, or that is too large
   */
  make(desc: DescMessage, place: Place, field?: DescField, limits: Limits = {}): ReflectMessage {
    const target = reflect(desc);
    const draw = drawOf(field, desc, limits, place);
    if (desc.typeName === "google.protobuf.Any") this.#fillAny(target, draw, place);
    else if (!fillWellKnown(target, draw, maskable(field))) this.#fill(target, place);
    return target;
  }

  #fill(target: ReflectMessage, place: Place): void {
    const { desc } = target;
    if (place.around.length > maxDepth) {
      throw new ValueError(`${desc.typeName} cannot have an example: it requires itself`);
    }
    const around = [...place.around, desc];
    const fields = chosenFields(desc, { ...place, around }, this.#rules);
    const messages = fields.filter(({ message }) => message !== undefined).length;
    const room = messages === 0 ? 0 : Math.floor((place.room - messages) / messages);
    for (const field of fields) {
      const path = fieldPath(place, field.name);
      this.#set(target, field, inside({ ...place, room, around }, path, this.#refusals));
    }
  }

  #set(target: ReflectMessage, field: DescField, place: Place): void {
    const limits = this.#rules.limitsOf(field) ?? {};
    switch (field.fieldKind) {
      case "list": {
        const list = target.get(field);
        for (const [, value] of this.#distinct(field, limits, place)) list.add(value);
        break;
      }
      case "map": {
        const map = target.get(field);
        for (const [key, value] of this.#distinct(field, limits, place)) map.set(key, value);
        break;
      }
      default:
        target.set(field, this.#value(field, limits, place));
    }
  }

  /** The items of a list, or the entries of a map: as many as rules demand. */
  *#distinct(
    field: DescField & { fieldKind: "list" | "map" },
    limits: Limits,
    place: Place,
  ): Iterable<[key: unknown, value: unknown]> {
    const count = sizeOf(field, limits, place);
    const isUnique = field.fieldKind === "map" || limits.unique === true;
    const seen = new Set<string>();
    for (let made = 0, tries = 0; made < count && tries < 20 * count + 50; tries++) {
      const at = inside(place, `${place.path}[${isUnique ? tries : made}]`, this.#refusals);
      const value = this.#value(field, limits.items ?? limits.values ?? {}, at);
      const key = field.fieldKind === "map" ? this.#key(field, limits.keys ?? {}, at) : value;
      const text = key instanceof Uint8Array ? Buffer.from(key).toString("hex") : String(key);
      if (isUnique && seen.has(text)) continue;
      if (isUnique) seen.add(text);
      made++;
      yield [key, value];
    }
  }

  #key(field: DescField & { fieldKind: "map" }, limits: Limits, place: Place): unknown {
    const inner = inside(place, `${place.path}.key`, this.#refusals);
    return scalar(field.mapKey, drawOf(field, field.parent, limits, inner));
  }

  #value(field: DescField, limits: Limits, place: Place): unknown {
    if (++this.#values > maxValues) {
      throw new ValueError(
        `an example of ${field.parent.typeName} has more than ${maxValues} values`,
      );
    }
    const draw = drawOf(field, field.parent, limits, place);
    if (field.scalar !== undefined) return scalar(field.scalar, draw);
    if (field.enum !== undefined) return enumValue(field.enum, draw);
    return field.message === undefined ? undefined : this.make(field.message, place, field, limits);
  }

  #fillAny(target: ReflectMessage, draw: Draw, place: Place): void {
    const { typeUrl, value } = target.desc.field;
    const type = anyTypes(draw, this.#registry);
    if (typeUrl === undefined || value === undefined || type === undefined) return;
    target.set(typeUrl, type.url);
    if (type.desc === undefined) return;
    const message = this.make(type.desc, { ...place, around: [...place.around, target.desc] });
    target.set(value, toBinary(type.desc, message.message));
  }
}

/** How many items an example has. */
function sizeOf(field: DescField, limits: Limits, { around, random }: Place): number {
  const natural = around.length === 1 ? random.between(2, 3) : random.between(1, 2);
  const { minSize = 0, maxSize = Number.POSITIVE_INFINITY } = limits;
  if (minSize > maxValues) throw new ValueError(`${field.name} needs ${minSize} items`);
  return Math.min(Math.max(natural, minSize), maxSize);
}

function drawOf(
  field: DescField | undefined,
  message: DescMessage,
  limits: Limits,
  { random, attempt }: Place,
): Draw {
  return { field: field?.name ?? "", message: message.name, limits, random, attempt };
}

/** For the mask of an update: the fields of the message that is updated. */
function maskable(mask: DescField | undefined): readonly string[] {
  const updated = mask?.parent.fields.find(
    ({ fieldKind, message }) => fieldKind === "message" && message !== mask.message,
  );
  return updated?.message?.fields.map(({ name }) => name) ?? [];
}
