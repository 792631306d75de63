/** Parses JSON from a file of the user, which may begin with a byte order mark. Undefined if it is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** Line, column and reason of the first fault in a text that is not JSON: `12:3: Unexpected token '}'`. */
export function jsonFault(text: string): string {
  const json = text.replace(/^\uFEFF/, "");
  const message = messageOf(json);
  const position = /at position (\d+)/.exec(message)?.[1];
  const before = json.slice(0, position === undefined ? faultAt(json) : Number(position));
  const lines = before.split("\n");
  const reason = message.replace(/(?: in JSON)? at position.*|,? (?:\.{3})?".*|[\s.]+$/s, "");
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}: ${reason}`;
}

/** Position of the token that V8 names without a position: the shortest part that has it is the longest without. */
function faultAt(json: string): number {
  let [without, withFault] = [0, json.length];
  while (withFault - without > 1) {
    const middle = Math.floor((without + withFault) / 2);
    if (/^Unexpected token/.test(messageOf(json.slice(0, middle)))) withFault = middle;
    else without = middle;
  }
  return messageOf(json).startsWith("Unexpected token") ? withFault - 1 : json.length;
}

function messageOf(json: string): string {
  try {
    JSON.parse(json);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** An own property of a value of any type. */
export function property(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** The texts in a list from a file of the user. Empty for any other value. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
