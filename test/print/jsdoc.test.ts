import { expect, test } from "vitest";
import { jsDoc } from "../../src/print/jsdoc.ts";
import { printDoc } from "../../src/print/layout.ts";

test("a comment is one line, a block or nothing", () => {
  expect(printDoc(jsDoc("One."))).toBe("/** One. */");
  expect(printDoc(jsDoc("One.\n\nTwo."), 2)).toBe("  /**\n   * One.\n   *\n   * Two.\n   */");
  expect(printDoc(jsDoc(" \n"))).toBe("");
});

test("lines are never broken, however long", () => {
  const long = "(a, b) ".repeat(20).trim();
  expect(printDoc(jsDoc(long))).toBe(`/** ${long} */`);
  expect(printDoc(jsDoc(`${long}\n${long}`))).toBe(`/**\n * ${long}\n * ${long}\n */`);
});

test.each(["*/ evil()", "a\n*/ evil()", "**/", "*/*/", "*\\/", "/"])("%j cannot end it", (text) => {
  const comment = printDoc(jsDoc(text));
  expect(comment.indexOf("*/")).toBe(comment.length - 2);
});
