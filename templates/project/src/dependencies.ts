import type { Config } from "./config.ts";
import { createPlatform, type Platform } from "./platform.ts";

/** What handlers and interceptors may ask for. Tests pass their own. */
export interface Dependencies extends Platform {}

/**
 * Open here what your handlers need (a database, a cache), name it in `Dependencies`, and add it to
 * `resources`.
 */
export function createDependencies(config: Config): Dependencies {
  return createPlatform(config);
}
