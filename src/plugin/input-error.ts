import { neutralise } from "../print/text.ts";

/**
 * The plugin's input has an invalid name, path or option. The message is one line and says how to fix it,
 * unless that is obvious. Any other error is a bug.
 */
export class InputError extends Error {
  override name = "InputError";

  constructor(message: string) {
    super(oneLine(message));
  }
}

/** Safe to print on a terminal, whatever the descriptors hold. */
function oneLine(message: string): string {
  const line = neutralise(message).trim().split("\n").join(" ");
  return line.length > maxLength ? `${line.slice(0, maxLength)}...` : line;
}

const maxLength = 1000;
