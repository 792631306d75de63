import { expect, test } from "vitest";
import { satisfies } from "../../scripts/doctor/version-range.ts";

test.each([
  ["1.2.3", "1.2.3", true],
  ["1.2.4", "1.2.3", false],
  ["1.9.0", "^1.2.3", true],
  ["1.2.2", "^1.2.3", false],
  ["2.0.0", "^1.2.3", false],
  ["0.2.9", "^0.2.3", true],
  ["0.3.0", "^0.2.3", false],
  ["0.0.4", "^0.0.3", false],
  ["v20.20.2", ">=20.19", true],
  ["v20.18.9", ">=20.19", false],
  ["24.0.0-rc.1", ">=20.19", true],
  ["1.2.3", "file:../elsewhere", undefined],
])("%s for %s: %s", (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected);
});
