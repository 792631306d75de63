import { expect, test } from "vitest";
import {
  choice,
  type Doc,
  entries,
  group,
  hardLine,
  indent,
  join,
  line,
  softLine,
  whenBroken,
} from "../../src/print/doc.ts";
import { printDoc } from "../../src/print/layout.ts";

const brackets = (...items: Doc[]) =>
  group(["(", indent([softLine, join([",", line], items)]), whenBroken(","), softLine, ")"]);

/** A name of the given length. */
const name = (length: number) => "x".repeat(length);

test("a group that fits is one line", () => {
  expect(printDoc(brackets("a", "b"))).toBe("(a, b)");
});

test("100 columns fit and 101 do not", () => {
  expect(printDoc(brackets(name(98)))).toBe(`(${name(98)})`);
  expect(printDoc(brackets(name(99)))).toBe(`(\n  ${name(99)},\n)`);
});

test("the indentation is part of the line", () => {
  expect(printDoc(brackets(name(94)), 4)).toBe(`    (${name(94)})`);
  expect(printDoc(brackets(name(95)), 4)).toBe(`    (\n      ${name(95)},\n    )`);
});

test("what follows a group has to fit as well, up to the first place to break it", () => {
  expect(printDoc([brackets(name(90)), " = 12345;"])).toBe(`(\n  ${name(90)},\n) = 12345;`);
  expect(printDoc([brackets(name(90)), brackets(name(90))])).toBe(
    `(${name(90)})(\n  ${name(90)},\n)`,
  );
  expect(printDoc([brackets(name(98)), hardLine, "12345"])).toBe(`(${name(98)})\n12345`);
});

test("of nested groups, the outermost is broken first", () => {
  expect(printDoc(brackets(brackets("a", "b"), name(95)))).toBe(`(\n  (a, b),\n  ${name(95)},\n)`);
  expect(printDoc(brackets(brackets(name(60), name(60))))).toBe(
    `(\n  (\n    ${name(60)},\n    ${name(60)},\n  ),\n)`,
  );
});

test("a hard line breaks, and so does the group around it", () => {
  expect(printDoc(brackets("a", ["{", indent([hardLine, "b"]), hardLine, "}"]))).toBe(
    "(\n  a,\n  {\n    b\n  },\n)",
  );
});

test("an empty line has no spaces", () => {
  expect(printDoc(["{", indent([hardLine, hardLine, "a"]), hardLine, "}"], 2)).toBe(
    "  {\n\n    a\n  }",
  );
});

test("entries go one per line, each broken by itself", () => {
  const list = (...items: string[]) => [
    "{",
    indent(entries(items, brackets)),
    hardLine,
    "}",
    name(99),
  ];
  expect(printDoc(list("a", name(95), name(97), "b"))).toBe(
    `{\n  (a)\n  (${name(95)})\n  (\n    ${name(97)},\n  )\n  (b)\n}${name(99)}`,
  );
  expect(printDoc(brackets(list("a")))).toBe(`(\n  {\n    (a)\n  }${name(99)},\n)`);
});

test("a choice takes what fits up to the first place to break it", () => {
  const doc = choice(["1", brackets(name(60), name(60))], "2");
  expect(printDoc(doc)).toBe(`1(\n  ${name(60)},\n  ${name(60)},\n)`);
  expect(printDoc([name(98), doc])).toBe(`${name(98)}1(\n  ${name(60)},\n  ${name(60)},\n)`);
  expect(printDoc([name(99), doc])).toBe(`${name(99)}2`);
});
