import { type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { withoutBom } from "./terminal/without-bom.ts";

/**
 * Says why a text of the user is not a JSON object, with its place: `package.json:3:5 is not valid JSON: comma
 * expected`.
 *
 * @param shown the file
 */
export function jsonProblem(text: string, shown: string): string {
  const json = withoutBom(text);
  if (json.trim() === "") return `${shown} is empty, but must be a JSON object`;
  const errors: ParseError[] = [];
  const options = { disallowComments: true, allowTrailingComma: false };
  parseTree(json, errors, options);
  const [first] = errors;
  if (first === undefined) return `${shown} must be a JSON object`;
  const before = json.slice(0, first.offset).split("\n");
  const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  return `${shown}:${place} is not valid JSON: ${words(printParseErrorCode(first.error))}`;
}

/** `CommaExpected` -> `comma expected`. */
function words(code: string): string {
  return code.replace(/(?!^)[A-Z]/g, " $&").toLowerCase();
}
