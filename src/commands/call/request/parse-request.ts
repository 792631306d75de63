import { type DescMessage, fromJsonString, type Message, type Registry } from "@bufbuild/protobuf";
import { UsageError } from "../../../terminal/errors.ts";
import { nearest } from "../../../terminal/nearest.ts";
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
  try {
    return fromJsonString(schema, quoteLargeIntegers(text), options);
  } catch (error) {
    throw new UsageError(`${origin}: ${problem(schema, reason(error))}`);
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

/** The message of protobuf-es, with the field that was meant. */
function problem(schema: DescMessage, text: string): string {
  const key = /key "([^"]+)" is unknown/.exec(text)?.[1];
  if (key === undefined) return text;
  const near = nearest(
    key,
    schema.fields.map(({ jsonName }) => jsonName),
  );
  return near === undefined ? text : `${text}; did you mean "${near}"?`;
}
