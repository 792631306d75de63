import { readFileSync, statSync } from "node:fs";
import { describeSystemError, UsageError } from "../terminal/errors.ts";

const maxBytes = 1024 * 1024;

/**
 * Reads a file of the size of keys and tokens. Reading a device such as /dev/zero would never end. A pipe is
 * one that a shell makes: `<(pass show key)`.
 *
 * @throws UsageError for anything else; the error of the system
 */
export function readSmallFile(path: string): Buffer {
  const entry = statSync(path);
  if (!entry.isFile() && !entry.isFIFO() && !entry.isDirectory()) {
    throw new UsageError("it is not a file");
  }
  if (entry.size > maxBytes) throw new UsageError("it has more than 1 MiB");
  return readFileSync(path);
}

/** Why it could not be read. */
export function problemOf(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  return describeSystemError(error) ?? "cannot be read";
}
