import { describe, expect, test } from "vitest";
import { checkProjectName, folderName } from "../../../src/scaffold/cli/project-name.ts";
import { UsageError } from "../../../src/terminal/errors.ts";

test.each(["user-service", "a", "1st", "x.y_z~w", "@scope/user-service"])("accepts %s", (name) => {
  expect(checkProjectName(name)).toBe(name);
});

describe("refuses", () => {
  test.each([
    ["", "it is empty"],
    ["  ", "it is empty"],
    ["A B", "lower case; try a-b"],
    ["User", "lower case; try user"],
    ["../x", "try x"],
    ["/abs", "try abs"],
    ["..", "npm names have only"],
    [".hidden", "npm names have only"],
    ["a b", "try a-b"],
    ["node_modules", "npm reserves that name"],
    ["favicon.ico", "npm reserves that name"],
    ["con", "Windows reserves that name for a device"],
    ["aux.txt", "Windows reserves that name for a device"],
    ["-rf", "it looks like a flag"],
    ["x; rm -rf ~", "npm names have only"],
    ["$(id)", "npm names have only"],
    ["`id`", "npm names have only"],
    ["a\nb", "npm names have only"],
    ["a\0b", "npm names have only"],
    ["사용자", "npm names have only"],
    ["@scope/../x", "npm names have only"],
    ["x".repeat(215), "npm allows at most 214 characters"],
  ])("%j", (name, message) => {
    expect(() => checkProjectName(name)).toThrow(UsageError);
    expect(() => checkProjectName(name)).toThrow(message);
  });

  test("in one line without control characters", () => {
    const names = ["a\nb", "\u001b[31mred", "x\u202ey", "a\0b"];
    for (const name of names) {
      expect(() => checkProjectName(name)).toThrow(/^[^\p{Cc}\u202e]+$/u);
    }
  });
});

test("the scope is not part of the folder", () => {
  expect(folderName("@scope/user-service")).toBe("user-service");
  expect(folderName("user-service")).toBe("user-service");
  expect(folderName("a/@scope/b")).toBe("a/@scope/b");
  expect(folderName("/abs/user-service")).toBe("/abs/user-service");
});
