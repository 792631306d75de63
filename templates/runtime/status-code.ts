const numbers = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The ways in which a call can fail; OK is not among them. */
export type StatusCode = keyof typeof numbers;

const names = new Map<number, StatusCode>();
for (const [name, number] of Object.entries(numbers)) {
  // `Object.entries` forgets that the keys of `numbers` are the codes.
  names.set(number, name as StatusCode);
}

/** Number of a status code on the wire, 1 to 16; UNKNOWN's for what is no code. */
export function statusNumber(code: StatusCode): number {
  // JavaScript may come with any text, even with a name that every object has.
  return Object.hasOwn(numbers, code) ? numbers[code] : numbers.UNKNOWN;
}

/** Code of a number on the wire; numbers that gRPC does not define are UNKNOWN. */
export function statusCode(number: number): StatusCode {
  return names.get(number) ?? "UNKNOWN";
}
