import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** Parts of one `google.protobuf.Struct` that are always merged. */
const maxParts = 4;
/** More parts are merged while bytes of the message times parts stay below this. */
const maxCost = 16 * 1024 * 1024;

/** As in protobuf-es, which refuses what is deeper. */
const deepest = 100;

/** What has been seen of a message, of which more parts may follow. */
class Seen {
  readonly #parts = new Map<number, number>();
  readonly #messages = new Map<number, Seen>();

  /** One more part of a field. @returns how many there are */
  count({ number }: DescField): number {
    const parts = (this.#parts.get(number) ?? 0) + 1;
    this.#parts.set(number, parts);
    return parts;
  }

  /** The message of a field that is not a list: its parts are merged. */
  of({ number }: DescField): Seen {
    const known = this.#messages.get(number) ?? new Seen();
    this.#messages.set(number, known);
    return known;
  }
}

class TooManyParts extends Error {}

/**
 * Refuses a message with a `google.protobuf.Struct` in many parts. protobuf-es merges each with those before,
 * which it converts from JSON and back, all of them each time: 200 KB would take a minute.
 *
 * Reads as protobuf-es does, also what is malformed.
 */
export function checkStructs(schema: DescMessage, bytes: Uint8Array): void {
  try {
    new Walk(bytes).message(schema, bytes.length, new Seen(), 0);
  } catch (error) {
    // What is malformed, protobuf-es refuses at the same place.
    if (error instanceof TooManyParts) throw error;
  }
}

class Walk {
  readonly #reader: BinaryReader;
  readonly #size: number;

  constructor(bytes: Uint8Array) {
    this.#reader = new BinaryReader(bytes);
    this.#size = bytes.length;
  }

  /** @param end undefined: up to the end of its group */
  message(schema: DescMessage, end: number | undefined, seen: Seen, depth: number): void {
    const reader = this.#reader;
    if (depth >= deepest) throw new RangeError("too deep");
    while (reader.pos < (end ?? reader.len)) {
      const [number, wireType] = reader.tag();
      if (end === undefined && wireType === WireType.EndGroup) return;
      const field = fieldsOf(schema).get(number);
      if (field === undefined) reader.skip(wireType, number, deepest - depth);
      else this.#field(field, wireType, seen, depth);
    }
  }

  #field(field: DescField, wireType: WireType, seen: Seen, depth: number): void {
    if (field.fieldKind === "map") this.#entry(field, depth);
    else if (field.message !== undefined) this.#part(field, seen, depth);
    else this.#scalars(field, wireType);
  }

  #part(field: DescField, seen: Seen, depth: number): void {
    const { message } = field;
    if (message === undefined) return;
    const isList = field.fieldKind === "list";
    if (!isList && isStruct(field)) this.#check(field, seen.count(field));
    const isGroup = "delimitedEncoding" in field && field.delimitedEncoding;
    const end = isGroup ? undefined : this.#end();
    this.message(message, end, isList ? new Seen() : seen.of(field), depth + 1);
  }

  #check(field: DescField, parts: number): void {
    if (parts <= maxParts || parts * this.#size <= maxCost) return;
    throw new TooManyParts(`cannot decode ${field} from binary: it has too many parts`);
  }

  #entry(field: DescField & { fieldKind: "map" }, depth: number): void {
    const reader = this.#reader;
    const seen = new Seen();
    for (const end = this.#end(); reader.pos < end; ) {
      const [number, wireType] = reader.tag();
      if (number === 1) reader.skip(wireTypeOf(field.mapKey), number);
      else if (number !== 2) reader.skip(wireType, number, deepest - depth);
      else if (field.message === undefined) reader.skip(wireTypeOf(field.scalar), number);
      else {
        if (isStruct(field)) this.#check(field, seen.count(field));
        this.message(field.message, this.#end(), seen.of(field), depth + 1);
      }
    }
  }

  /** The wire type says only whether a list is packed. */
  #scalars({ fieldKind, number, scalar }: DescField, wireType: WireType): void {
    const own = wireTypeOf(scalar);
    const isPacked =
      fieldKind === "list" &&
      wireType === WireType.LengthDelimited &&
      own !== WireType.LengthDelimited;
    if (!isPacked) this.#reader.skip(own, number);
    else for (const end = this.#end(); this.#reader.pos < end; ) this.#reader.skip(own, number);
  }

  #end(): number {
    const length = this.#reader.uint32();
    return this.#reader.pos + length;
  }
}

/** Whether protobuf-es has JSON in the place of a message. */
export function isStruct({ message, parent }: DescField): boolean {
  return (
    message?.typeName === "google.protobuf.Struct" && parent.typeName !== "google.protobuf.Value"
  );
}

const known = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsOf(schema: DescMessage): ReadonlyMap<number, DescField> {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const fields = new Map(schema.fields.map((field) => [field.number, field]));
  known.set(schema, fields);
  return fields;
}

/** Of enums, too: they have no scalar type. */
function wireTypeOf(scalar: ScalarType | undefined): WireType {
  switch (scalar) {
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    default:
      return WireType.Varint;
  }
}
