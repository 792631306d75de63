import type { EnvReader } from "./env-reader.ts";

const languages = ["en", "ko"] as const;

/** A language that the service speaks to people. */
export type Language = (typeof languages)[number];

/** Settings of what the handlers depend on: read here, used in ../dependencies.ts. */
export interface DependencyConfig {
  /** PostgreSQL. Nothing opens it yet: users live in memory. */
  readonly databaseUrl: URL | undefined;
  /** Redis. Nothing opens it yet. */
  readonly redisUrl: URL | undefined;
  /** Of replies and errors. */
  readonly language: Language;
}

export function readDependencyConfig(env: EnvReader): DependencyConfig {
  return {
    databaseUrl: env.url("DATABASE_URL", ["postgres:", "postgresql:"]),
    redisUrl: env.url("REDIS_URL", ["redis:", "rediss:"]),
    language: env.oneOf("MESSAGE_LANGUAGE", languages, "en"),
  };
}
