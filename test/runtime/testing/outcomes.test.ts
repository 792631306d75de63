import { expect, test } from "vitest";
import { requireValid } from "../../../runtime/src/error-details.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { collect, failureOf, invalidFields } from "../../../runtime/src/testing/index.ts";

async function* stream(error?: unknown) {
  yield 1;
  yield 2;
  if (error !== undefined) throw error;
}

test("collect returns all messages, and throws what the stream ends with", async () => {
  expect(await collect(stream())).toEqual([1, 2]);
  expect(await collect([1, 2])).toEqual([1, 2]); // as a handler may return
  const error = new GrpcError("NOT_FOUND", "no more");
  await expect(collect(stream(error))).rejects.toBe(error);
});

test("failureOf returns the error of a call or of a stream", async () => {
  const error = new GrpcError("NOT_FOUND", "not here");
  expect(await failureOf(Promise.reject(error))).toBe(error);
  expect(await failureOf(stream(error))).toBe(error);
  expect(await failureOf(stream(new TypeError("a bug")))).toMatchObject({ code: "INTERNAL" });
});

test.each([
  ["a call", () => Promise.resolve(1)],
  ["a stream", () => stream()],
])("failureOf fails if %s succeeds", async (_, call) => {
  await expect(failureOf(call())).rejects.toThrow("the call should have failed");
});

test("invalidFields lists the fields of the details", async () => {
  const refuse = async () => requireValid({ name: "is empty", age: true, email: "is taken" });
  expect(invalidFields(await failureOf(refuse()))).toEqual(["name", "email"]);
  expect(invalidFields(new GrpcError("INVALID_ARGUMENT", "without details"))).toEqual([]);
});
