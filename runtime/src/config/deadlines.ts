import type { EnvReader } from "./env-reader.ts";

/** Longest time of a call in milliseconds, whatever its deadline; 0 is no limit. */
export interface DeadlineConfig {
  readonly unaryMs: number;
  readonly streamMs: number;
}

/** Reads the deadline settings. Problems are collected in `env`. */
export function readDeadlines(env: EnvReader): DeadlineConfig {
  const range = { min: 0, max: 86_400_000 };
  env.section("Deadlines");
  return {
    unaryMs: env.integer(
      "MAX_UNARY_MS",
      "Longest time of a unary call, whatever its deadline. 0 is no limit.",
      60_000,
      range,
    ),
    streamMs: env.integer("MAX_STREAM_MS", "The same for calls with streams.", 1_800_000, range),
  };
}
