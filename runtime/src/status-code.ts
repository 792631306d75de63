const codeNumbers = {
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

/** The status codes of failed calls; OK is not one of them. */
export type StatusCode = keyof typeof codeNumbers;

const codesByNumber = new Map<number, StatusCode>();
for (const [code, number] of Object.entries(codeNumbers)) {
  // `Object.entries` has no type for the keys of `codeNumbers`, which are the codes.
  codesByNumber.set(number, code as StatusCode);
}

/** All codes of failed calls, by number. */
export const statusCodes: readonly StatusCode[] = [...codesByNumber.values()];

/** Number of a status code on the wire, 1 to 16; that of UNKNOWN for any other text. */
export function statusNumber(code: StatusCode): number {
  // JavaScript callers may pass any text, also the name of a property that every object has.
  return Object.hasOwn(codeNumbers, code) ? codeNumbers[code] : codeNumbers.UNKNOWN;
}

/** Code of a number on the wire; numbers that gRPC does not define are UNKNOWN. */
export function statusCode(number: number): StatusCode {
  return codesByNumber.get(number) ?? "UNKNOWN";
}
