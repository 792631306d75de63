import { EnvReader, type Setting } from "./env-reader.ts";
import type { Variables } from "./variables.ts";

/** Reads settings of type `T` from environment variables. */
export interface ConfigLoader<T> {
  /** @throws ConfigError that names every variable that is missing or wrong. */
  (variables: Variables): T;
  /** Lists every setting with its description and default: for `.env.example` and the README. */
  describe(): readonly Setting[];
}

/**
 * Defines the settings of a program in one place: what is read here is also described here.
 *
 * @param read reads every setting; it also runs once without any variable, to list the settings
 * @example
 * ```ts
 * export const loadConfig = defineConfig((env) => ({
 *   ...readServiceConfig(env, service),
 *   shopAddress: env.address("SHOP_ADDRESS", "Address of the shop service.", "localhost:50052"),
 * }));
 * ```
 */
export function defineConfig<T>(read: (env: EnvReader) => T): ConfigLoader<T> {
  function load(variables: Variables): T {
    const env = new EnvReader(variables);
    const config = read(env);
    env.finish();
    return config;
  }
  function describe(): readonly Setting[] {
    const env = new EnvReader({});
    read(env);
    return env.settings;
  }
  return Object.assign(load, { describe });
}
