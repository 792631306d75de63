import { neutralise } from "../print/text.ts";

/**
 * Something is wrong with what the plugin was given: a name, a path, an option. The message is one
 * line that says what and, where it is not obvious, how to mend it. Any other error is a bug.
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
