import type { EnvReader } from "./env-reader.ts";

/** Settings of what the handlers depend on, for ../dependencies.ts: none yet. */
export type DependencyConfig = Readonly<Record<string, never>>;

/** Read yours here: `{ shopAddress: env.address("SHOP_ADDRESS", "where orders go", undefined) }`. */
export function readDependencyConfig(_env: EnvReader): DependencyConfig {
  return {};
}
