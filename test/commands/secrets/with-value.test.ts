import { expect, test } from "vitest";
import { withValue } from "../../../src/commands/secrets/with-value.ts";

test.each([
  ["the only line", "A=1\nKEY=\nB=2\n", "A=1\nKEY=new\nB=2\n"],
  ["a line at the end", "A=1", "A=1\nKEY=new\n"],
  ["the first line", "", "KEY=new\n"],
  ["a line below a comment", "# KEY=put yours below\nKEY=\n", "# KEY=put yours below\nKEY=new\n"],
  ["a line above a comment", "KEY=\n# KEY=example\n", "KEY=new\n# KEY=example\n"],
  ["the last line", "KEY=1\nKEY=\n", "KEY=1\nKEY=new\n"],
  ["a comment if there is no other line", "# KEY=\nA=1\n", "KEY=new\nA=1\n"],
  ["a line with spaces", "  KEY = \n", "KEY=new\n"],
  ["a line with export", "export KEY=\n", "KEY=new\n"],
  ["a line of Windows", "KEY=\r\nA=1\r\n", "KEY=new\r\nA=1\r\n"],
  ["no other name", "MY_KEY=\nKEY_2=\n", "MY_KEY=\nKEY_2=\nKEY=new\n"],
  ["no line in a value", 'A="\nKEY=\n"\n', 'A="\nKEY=\n"\nKEY=new\n'],
])("sets %s", (_, text, expected) => {
  expect(withValue(text, "KEY", "new")).toBe(expected);
});
