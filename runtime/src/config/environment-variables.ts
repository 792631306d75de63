import { existsSync } from "node:fs";
import type { Variables } from "./variables.ts";

/**
 * The environment variables of this process, with those of a `.env` file in the working directory
 * added. A variable that is set wins over the file.
 *
 * @throws Error when `.env` cannot be read.
 */
export function readEnvironment(): Variables {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return process.env;
}
