import { type DatabaseConfig, readDatabaseConfig } from "./database.ts";
import type { EnvReader } from "./env-reader.ts";

const languages = ["en", "ko"] as const;

/** A language that the service speaks to people. */
export type Language = (typeof languages)[number];

/** Settings of what the handlers depend on: read here, used in ../dependencies.ts. */
export interface DependencyConfig {
  /** Of replies and errors. */
  readonly language: Language;
  readonly database: DatabaseConfig;
}

export function readDependencyConfig(env: EnvReader): DependencyConfig {
  return {
    language: env.oneOf("MESSAGE_LANGUAGE", "what replies and errors speak", languages, "en"),
    database: readDatabaseConfig(env),
  };
}
