import { expect, test } from "vitest";
import {
  BadRequestSchema,
  RetryInfoSchema,
  requireValid,
  retryInfo,
} from "../../runtime/src/error-details.ts";
import { GrpcError } from "../../runtime/src/index.ts";

test("a valid request passes", () => {
  expect(() => requireValid({})).not.toThrow();
  expect(() => requireValid({ name: true, age: true })).not.toThrow();
});

test("an invalid one is refused, with a violation for each field", () => {
  let failure: unknown;
  try {
    requireValid({ name: "must not be empty", email: true, age: "must be at least 0" });
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({
    code: "INVALID_ARGUMENT",
    rawMessage: "name: must not be empty; age: must be at least 0",
  });
  expect(GrpcError.from(failure).findDetails(BadRequestSchema)).toMatchObject([
    {
      fieldViolations: [
        { field: "name", description: "must not be empty" },
        { field: "age", description: "must be at least 0" },
      ],
    },
  ]);
});

test("retryInfo has seconds and nanoseconds", () => {
  const failure = new GrpcError("UNAVAILABLE", "later", { details: [retryInfo(1_500)] });
  expect(failure.findDetails(RetryInfoSchema)).toMatchObject([
    { retryDelay: { seconds: 1n, nanos: 500_000_000 } },
  ]);
});
