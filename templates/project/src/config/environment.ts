import type { EnvReader } from "./env-reader.ts";

const environments = ["development", "test", "production"] as const;

export type Environment = (typeof environments)[number];

/** ENV, for the settings that depend on it. */
export function environmentOf(env: EnvReader): Environment {
  return env.oneOf(
    "ENV",
    "production insists on AUTH_ variables of its own",
    environments,
    "development",
  );
}
