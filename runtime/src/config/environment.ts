import type { EnvReader } from "./env-reader.ts";

const environments = ["development", "test", "production"] as const;

/** Value of ENV. */
export type Environment = (typeof environments)[number];

/** Reads ENV, for the settings that depend on it. */
export function readEnvironmentName(env: EnvReader): Environment {
  return env.oneOf(
    "ENV",
    "Where the service runs. production requires AUTH_ settings of your own.",
    environments,
    "development",
  );
}
