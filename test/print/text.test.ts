import { expect, test } from "vitest";
import { neutralise } from "../../src/print/text.ts";

test.each([
  ["a\r\nb\rc", "a\nb\nc"],
  ["a\u2028b\u2029c", "a\nb\nc"],
  ["nul \u0000 bell \u0007 nel \u0085", "nul \\u0000 bell \\u0007 nel \\u0085"],
  ["\u001b[31mred", "\\u001b[31mred"],
  ["a\ud800 😀", "a\\ud800 😀"],
  ["a\u202eb\ufeff", "a\\u202eb\\ufeff"],
  ["trailing \t\nblank", "trailing\nblank"],
  ["@ts-nocheck", "\\@ts-nocheck"],
  ["  @ts-ignore", "  \\@ts-ignore"],
  [" eslint-disable", " \\eslint-disable"],
  ["# sourceMappingURL=x", " # sourceMappingURL=x"],
  ["/ <reference />", " / <reference />"],
  [" plain `text` <b> 홍길동\n\n  indented", " plain `text` <b> 홍길동\n\n  indented"],
])("neutralise(%j)", (text, expected) => {
  expect(neutralise(text)).toBe(expected);
  expect(neutralise(expected)).toBe(expected);
});
