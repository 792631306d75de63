import {
  type DescMessage,
  fromJsonString,
  type JsonValue,
  type Message,
  type Registry,
} from "@bufbuild/protobuf";
import { UsageError } from "../../../terminal/errors.ts";
import { messageProblems } from "../../message-json/message-problems.ts";
import { problemLine } from "../../message-json/problem.ts";
import { reason } from "../../project/reason.ts";

/** How requests are read. */
export interface ParseOptions {
  readonly registry: Registry;
  readonly ignoreUnknownFields: boolean;
}

/**
 * Reads a request from JSON. 64-bit integers may be written as numbers: they keep all of their digits.
 *
 * @param origin for messages
 * @throws UsageError in one line
 */
export function parseRequest(
  schema: DescMessage,
  text: string,
  options: ParseOptions,
  origin: string,
): Message {
  const quoted = quoteLargeIntegers(text);
  try {
    return fromJsonString(schema, quoted, options);
  } catch (error) {
    throw new UsageError(`${origin}: ${problem(schema, quoted, options) ?? reason(error)}`);
  }
}

/** Any text, or any number. */
const textOrNumber = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** JSON.parse would round them. In JSON of protobuf, a text with digits is an integer too. */
function quoteLargeIntegers(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(textOrNumber, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

/** The first mistake, with the path of its field. */
function problem(schema: DescMessage, text: string, options: ParseOptions): string | undefined {
  let json: JsonValue;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return `not JSON: ${reason(error)}`;
  }
  const [first] = messageProblems(schema, json, "", options);
  return first && problemLine("", first);
}
