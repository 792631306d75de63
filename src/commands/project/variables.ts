import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describeSystemError, errorCode, UsageError } from "../../terminal/errors.ts";

/** Environment variables by name; an unset one is undefined. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The variables that a server started in `root` has. Variables that are set win over `.env`. */
export function readVariables(root: string, env: Variables): Variables {
  return { ...readDotEnv(root), ...env };
}

/** The variables in `.env`; undefined when there is no such file. */
export function readDotEnv(root: string): Variables | undefined {
  const text = readIfPresent(join(root, ".env"));
  return text === undefined ? undefined : parseEnv(text);
}

/** The text of a file; undefined when it does not exist. @throws UsageError when it cannot be read */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    const text = describeSystemError(error);
    throw text === undefined ? error : new UsageError(`cannot read ${path}: ${text}`);
  }
}
