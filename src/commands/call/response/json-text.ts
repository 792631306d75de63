import type { JsonValue } from "@bufbuild/protobuf";

/** JSON for a terminal: control characters and marks that change the direction of text are escaped. */
export function jsonText(value: JsonValue, spaces = 0): string {
  // JSON.stringify escapes the other control characters.
  return JSON.stringify(value, null, spaces).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
