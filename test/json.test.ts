import { expect, test } from "vitest";
import { jsonFault, parseJson } from "../src/json.ts";

test("a byte order mark is no fault", () => {
  expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
});

test.each([
  ['{"a":1,}', "1:8: "],
  ['{"a" 1}', "1:6: "],
  ['{\n "a": x}', "2:7: Unexpected token 'x'"],
  ['{"a":\n tru}', "2:5: Unexpected token '}'"],
  ['{"a": 1', "1:8: "],
  ["", "1:1: Unexpected end of JSON input"],
  ["x", "1:1: Unexpected token 'x'"],
  ['\uFEFF{ "a": 1,\n\n  }', "3:3: "],
  ['{"a":1}\n}', "2:1: "],
])("the place of the fault in %j", (text, fault) => {
  expect(jsonFault(text).startsWith(fault), jsonFault(text)).toBe(true);
});
