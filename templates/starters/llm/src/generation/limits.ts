import type { CallSlotsOptions } from "grpc-service/concurrency";
import type { EnvReader } from "grpc-service/config";

/** Reads how many generations run and wait: MAX_GENERATIONS and its neighbours. */
export function readGenerationLimits(env: EnvReader): Required<CallSlotsOptions> {
  env.section("Generations");
  return {
    slots: env.integer("MAX_GENERATIONS", "Generations that run at a time.", 200, {
      min: 1,
      max: 100_000,
    }),
    maxWaiting: env.integer(
      "MAX_WAITING_GENERATIONS",
      "Generations that wait at a time. Callers take turns; further ones are refused.",
      1_000,
      { min: 0, max: 1_000_000 },
    ),
    maxWaitMs: env.integer(
      "GENERATION_WAIT_MS",
      "Longest wait of a generation. Then it is refused.",
      10_000,
      { min: 1, max: 600_000 },
    ),
  };
}
