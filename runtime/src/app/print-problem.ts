import { ConfigError } from "../config/env-reader.ts";
import { reason } from "./reason.ts";

/** Prints to standard error why a program ends: one line, or one line per wrong setting. */
export function printProblem(error: unknown): void {
  console.error(error instanceof ConfigError ? error.message : reason(error));
}
