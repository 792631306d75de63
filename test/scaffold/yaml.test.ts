import { describe, expect, test } from "vitest";
import { parseYaml } from "../../src/scaffold/yaml.ts";
import { UsageError } from "../../src/terminal/errors.ts";
import { createRandom } from "../plugin/fuzz/random.ts";

const read = (text: string) => parseYaml(text, "x.yaml");

test.each([
  "a: ~\nb: null\nc: yes\nd: 0x10\ne: 1_000\nf: '1'\ng: 2026-11-29",
  '{"a": "~", "b": null, "c": "yes", "d": "0x10", "e": "1_000", "f": 1, "g": 2026-11-29}',
])("%j: a scalar is its text", (text) => {
  const texts = { a: "~", b: "null", c: "yes", d: "0x10", e: "1_000", f: "1", g: "2026-11-29" };
  expect(read(text)).toEqual(texts);
});

test("lists and mappings, by indentation and in brackets, with either line end", () => {
  const text = "---\na:\n- b # comment\n- c: d\n  e: [f, { g: h }]\nhttp://x: y:z\n";
  const value = { a: ["b", { c: "d", e: ["f", { g: "h" }] }], "http://x": "y:z" };
  expect(read(text)).toEqual(value);
  expect(read(text.replaceAll("\n", "\r\n"))).toEqual(value);
});

test("an empty file is an empty text", () => {
  expect(read("")).toBe("");
  expect(read("# comment\n\n---\n")).toBe("");
});

test("a key is an own property, whatever its name", () => {
  expect(Object.keys(Object(read("__proto__: {a: b}\n<<: {c: d}")))).toEqual(["__proto__", "<<"]);
});

describe("refuses, with the line,", () => {
  test.each([
    ["a bad indentation", "a: b\n c: d", 2],
    ["another bad indentation", "a:\n    b: c\n  d: e", 3],
    ["a key that is there twice", "a: b\na: c", 2],
    ["a bracket too many", "a: [b]]", 1],
    ["two values", 'a: "b"c', 1],
    ["a list after a key", "a: - b", 1],
    ["tabs", "a:\n\tb: c", 2],
    ["an alias", "a: &x [b]\nc: *x", 2],
    ["a tag", "a: !b c", 1],
    ["a tag of a library", "a: !!js/function b", 1],
    ["deep nesting", `a:\n  ${"[".repeat(10_000)}`, 2],
    ["a control character", "a: b\nc: \u0000", 2],
  ])("%s", (_, text, line) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(`x.yaml:${line}: `);
  });

  test("aliases that multiply, at once", () => {
    const levels = Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`);
    expect(() => read(`a0: &a0 [x]\n${levels.join("\n")}`)).toThrow("x.yaml:2: ");
  });
});

test("refuses several documents", () => {
  expect(() => read("a: b\n---\nc: d")).toThrow("x.yaml: expected one document, not 2");
});

test("whatever the text, it is read or refused with a UsageError", () => {
  const random = createRandom(7);
  // biome-ignore format: a list
  const pieces = [
    "a", "b", "c d", "-", "- ", ": ", ":", "\n", "\n  ", "\n    ", "\n- ", "[", "]", "{", "}", ",", ", ",
    " ", "#", " # ", '"', "'", '"e"', "'f'", "?", "&", "*", "!", "|", ">", "%", "@", "~", "---", "\t",
    "a: ", "b: c\n", "- d\n", "\\", "\u00a0",
  ];
  for (let i = 0; i < 5_000; i++) {
    const text = Array.from({ length: 1 + random.below(9) }, () => random.pick(pieces)).join("");
    try {
      read(text);
    } catch (error) {
      expect(error, JSON.stringify(text)).toBeInstanceOf(UsageError);
    }
  }
});
