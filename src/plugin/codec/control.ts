import { maxWidth } from "../../print/layout.ts";

/**
 * A statement after `if`, `else if` or `for`: on the same line if it fits, else on one of its own.
 *
 * @param head up to the closing parenthesis
 * @param indentation of the head, in the file
 */
export function control(head: string, statement: string, indentation: number): string[] {
  const line = `${head} ${statement}`;
  return indentation + line.length <= maxWidth ? [line] : [head, `  ${statement}`];
}
