import type { DescEnum, DescMessage } from "@bufbuild/protobuf";

const numbersOf = new WeakMap<DescMessage, ReadonlySet<number>>();

/** Whether a message has a field of this number. */
export function hasField(schema: DescMessage, number: number): boolean {
  let numbers = numbersOf.get(schema);
  if (numbers === undefined) {
    numbers = new Set(schema.fields.map((field) => field.number));
    numbersOf.set(schema, numbers);
  }
  return numbers.has(number);
}

/** Whether an enum has a value of this number. */
export function hasValue(schema: DescEnum, number: number): boolean {
  return schema.value[number] !== undefined;
}
