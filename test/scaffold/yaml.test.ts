import { join } from "node:path";
import { FAILSAFE_SCHEMA, load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { readTree } from "../../src/files.ts";
import { packageRoot } from "../../src/package-root.ts";
import { parseYaml } from "../../src/scaffold/yaml/index.ts";
import { UsageError } from "../../src/terminal/errors.ts";
import { createRandom } from "../plugin/fuzz/random.ts";

const reference = (text: string) => load(text, { schema: FAILSAFE_SCHEMA });

describe("reads, like any YAML library,", () => {
  test.each([
    "a: b\nc:   d e  \n\n# comment\nf: g # comment\nh: i#j\n",
    "a:\nb:\n  c:\n    d: e\n  f: g\nh: i",
    "a:\n  - b\n  - c: d\n    e: f\n  -\n    g: h\n  -   i: j\n      k: l\nm: n",
    "a:\n- b\n- c\nd:\n- e: f\n- - g\n  - h\n",
    "- a\n- \n- - b\n",
    "---\na: [b, c d,]\ne: {f: g, h, i: }\nj: []\nk: {}\nl: [{m: [n]}, o]",
    'a: [ # comment\n    b, # comment\n    "c, d"\n  ]\ne: {\n  f: g}\n',
    `"a b": 'it''s'\n'c': "d\\t\\"\\u00e9\\\\"\ne: ""\nf: "#" # comment`,
    "a: http://x:80/y\nb: c:d\n-e: -f\n?g: :h\ni j: k, l [m] {n}",
    'a: ~\nb: null\nc: yes\nd: 0x10\ne: 1_000\nf: "1"',
    '{"a": ["b", {"c":"d"}],\n "e":{}}',
    "[a, b]",
    "a:\r\n  - b\r\n",
    "__proto__: a\nconstructor: b",
  ])("%j", (text) => {
    expect(parseYaml(text, "x.yaml")).toEqual(reference(text));
  });

  test("the configuration of every project", () => {
    const files = [...readTree(join(packageRoot(), "templates"))];
    const texts = files.filter(([path]) => /(^|\/)buf[\w.]*\.yaml$/.test(path));
    expect(texts.length).toBeGreaterThan(1);
    for (const [path, text] of texts) expect(parseYaml(text, path), path).toEqual(reference(text));
  });
});

test("nothing at all is an empty text", () => {
  expect(parseYaml("", "x.yaml")).toBe("");
  expect(parseYaml("# comment\n\n---\n", "x.yaml")).toBe("");
});

test("a key is an own property, whatever its name", () => {
  expect(Object.keys(Object(parseYaml("__proto__: {a: b}", "x.yaml")))).toEqual(["__proto__"]);
});

describe("refuses, with the line,", () => {
  test.each([
    ["what is no YAML", "a: b\n c: d", 2],
    ["a bad indentation", "a:\n    b: c\n  d: e", 3],
    ["a text between keys", "a: b\nc\n", 2],
    ["a key that is there twice", "a: b\na: c", 2],
    ["a bracket that is not closed", "a: b\nc: [d,\ne: f", 2],
    ["a bracket too many", "a: [b]]", 1],
    ["two values", 'a: "b"c', 1],
    ["a list behind a key", "a: - b", 1],
    ["tabs", "a:\n\tb: c", 2],
    ["an anchor", "a: &b c", 1],
    ["an alias", "a: *b", 1],
    ["a tag", "a: !b c", 1],
    ["a block of text", "a: |\n  b", 1],
    ["a text on two lines", "a: b\n  c", 2],
    ["a complex key", "? a", 1],
    ["a second document", "a: b\n---\nc: d", 2],
    ["an escape that JSON has not", 'a: "\\x41"', 1],
  ])("%s", (_, text, line) => {
    expect(() => parseYaml(text, "x.yaml")).toThrow(UsageError);
    expect(() => parseYaml(text, "x.yaml")).toThrow(`x.yaml:${line}: `);
  });
});

test("what it reads of random texts, it reads like a YAML library", () => {
  const random = createRandom(7);
  // biome-ignore format: a list
  const pieces = [
    "a", "b", "c d", "-", "- ", ": ", ":", "\n", "\n  ", "\n    ", "\n- ", "[", "]", "{", "}", ",", ", ",
    " ", "#", " # ", '"', "'", '"e"', "'f'", "?", "&", "*", "!", "|", ">", "%", "@", "~", "---", "\t",
    "a: ", "b: c\n", "- d\n", "\\", "\u00a0",
  ];
  let accepted = 0;
  for (let i = 0; i < 30_000; i++) {
    const text = Array.from({ length: 1 + random.below(9) }, () => random.pick(pieces)).join("");
    let value: unknown;
    try {
      value = parseYaml(text, "x.yaml");
    } catch (error) {
      expect(error, JSON.stringify(text)).toBeInstanceOf(UsageError);
      continue;
    }
    if (value === "") continue;
    accepted++;
    expect(value, JSON.stringify(text)).toEqual(reference(text));
  }
  expect(accepted).toBeGreaterThan(2000);
});
