import { type EnvReader, readEnvironmentName } from "grpc-service/config";

/** Settings of the model. */
export interface InferenceConfig {
  /** Texts, tokens and uploads that the model works on at a time. */
  readonly slots: number;
  /** Most texts that the model gets at once. */
  readonly batchSize: number;
  /** Longest time that a text waits for others, in milliseconds. */
  readonly batchWaitMs: number;
  /** Whether callers may replace the model. */
  readonly uploads: boolean;
}

/** Reads MODEL_SLOTS, BATCH_SIZE, BATCH_WAIT_MS and MODEL_UPLOADS. */
export function readInferenceConfig(env: EnvReader): InferenceConfig {
  const environment = readEnvironmentName(env);
  env.section("Model");
  return {
    slots: env.integer("MODEL_SLOTS", "Calls that use the model at a time.", 64, {
      min: 1,
      max: 10_000,
    }),
    batchSize: env.integer("BATCH_SIZE", "Most texts that the model gets at once.", 32, {
      min: 1,
      max: 10_000,
    }),
    batchWaitMs: env.integer(
      "BATCH_WAIT_MS",
      "Longest time that a text waits for others, in milliseconds.",
      5,
      { min: 0, max: 60_000 },
    ),
    uploads:
      env.onOff(
        "MODEL_UPLOADS",
        "Lets every caller replace the model. Default: off in production, else on.",
        undefined,
      ) ?? environment !== "production",
  };
}
