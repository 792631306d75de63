import { expect, test } from "vitest";
import { checkFileName } from "../../../runtime/src/files/index.ts";
import { failureOf, invalidFields } from "../../../runtime/src/testing/index.ts";

test.each([
  "a",
  "report 2026.final.pdf",
  "홍길동의 독서.txt",
  ".gitignore",
  "-rf",
  "~",
  "%2e%2e%2f",
  "console.log",
  "com10",
  "x".repeat(255),
  "👩‍👩‍👧.png",
])("%j is a name", (name) => {
  expect(checkFileName(name)).toBe(name);
});

test.each([
  ["", /empty/],
  [".", /dots/],
  ["..", /dots/],
  ["...", /dots/],
  ["․․", /dots/],
  ["．．", /dots/],
  ["‥", /dots/],
  ["a/b", /\//],
  ["/etc/passwd", /\//],
  ["../../etc/passwd", /\//],
  ["..\\..\\boot.ini", /\//],
  ["C:\\boot.ini", /\//],
  ["a／b", /\//],
  ["a⁄b", /\//],
  ["a∕b", /\//],
  ["a＼b", /\//],
  ["a\0b", /control/],
  ["a\nb", /control/],
  ["a\u007fb", /control/],
  ["a\u0085b", /control/],
  ["a\u2028b", /control/],
  ["gnp\u202egpj.exe", /control/],
  ["a\ud800b", /control/],
  [" a", /space/],
  ["a ", /space/],
  ["a.", /dot/],
  ["a．", /dot/],
  ["a:b", /any of/],
  ["a|b", /any of/],
  ["con", /reserved/],
  ["NUL.txt", /reserved/],
  ["Lpt1", /reserved/],
  ["ＮＵＬ", /reserved/],
  ["x".repeat(256), /255 bytes/],
  ["홍".repeat(86), /255 bytes/],
  // Twice as long in NFC.
  ["\u0958".repeat(80), /255 bytes/],
])("%j is none", async (name, reason) => {
  const failure = await failureOf(Promise.reject(caught(() => checkFileName(name))));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(failure.rawMessage).toMatch(reason);
  expect(invalidFields(failure)).toEqual(["name"]);
});

test("an accent is the same as one character and as two", () => {
  expect(checkFileName("e\u0301t\u00e9")).toBe("\u00e9t\u00e9");
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
