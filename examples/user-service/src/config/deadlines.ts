import type { EnvReader } from "./env-reader.ts";

/** How long a call may take at most, whatever its caller allows. 0: as long as the caller allows. */
export interface DeadlineConfig {
  readonly unaryMs: number;
  readonly streamMs: number;
}

export function readDeadlines(env: EnvReader): DeadlineConfig {
  const range = { min: 0, max: 86_400_000 };
  env.section("Deadlines");
  return {
    unaryMs: env.integer(
      "MAX_UNARY_MS",
      "most that a call without streams may take, whatever its caller allows; 0 is no limit",
      60_000,
      range,
    ),
    streamMs: env.integer("MAX_STREAM_MS", "the same for calls with streams", 1_800_000, range),
  };
}
