import { expect, test } from "vitest";
import { reaches } from "../../../src/commands/doctor/address.ts";

test.each([
  ["localhost:50051", "127.0.0.1:50051", true],
  ["127.0.0.1:50051", "127.0.0.1:50051", true],
  ["[::1]:50051", "[::1]:50051", true],
  ["127.0.0.1:50051", "0.0.0.0:50051", true],
  ["[::1]:50051", "[::]:50051", true],
  ["0.0.0.0:50051", "127.0.0.1:50051", true],
  ["127.0.0.1:50052", "127.0.0.1:50051", false],
  ["127.0.0.2:50051", "127.0.0.1:50051", false],
  ["192.0.2.1:50051", "127.0.0.1:50051", false],
  ["192.0.2.1:50051", "0.0.0.0:50051", false],
  ["unknown.invalid:50051", "0.0.0.0:50051", false],
])("calls to %s arrive at %s: %s", async (called, listening, expected) => {
  expect(await reaches(called, listening)).toBe(expected);
});
