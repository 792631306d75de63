import { expect, test } from "vitest";
import { parseJson } from "../src/json.ts";
import { jsonProblem } from "../src/json-problem.ts";

test("a byte order mark is no fault", () => {
  expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
});

test.each([
  ['{"a":1,}', "f:1:8 is not valid JSON: "],
  ['{"a" 1}', "f:1:6 is not valid JSON: colon expected"],
  ['{\n "a": x}', "f:2:7 is not valid JSON: invalid symbol"],
  ['{"a": 1', "f:1:8 is not valid JSON: "],
  ["", "f is empty, but must be a JSON object"],
  ["x", "f:1:1 is not valid JSON: invalid symbol"],
  ['\uFEFF{ "a": 1,\n\n  }', "f:3:3 is not valid JSON: "],
  ['{"a":1}\n}', "f:2:1 is not valid JSON: "],
  ["[]", "f must be a JSON object"],
])("the place of the fault in %j", (text, problem) => {
  expect(jsonProblem(text, "f").slice(0, problem.length)).toBe(problem);
});
